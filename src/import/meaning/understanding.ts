import type { Note } from '../conversation.ts'
import type { DraftStep } from '../draft.ts'
import { starred } from '../place.ts'
import type { DraftNames } from './draft-names.ts'
import type { KnownCloud } from './known-cloud.ts'
import type { PathInputs } from './path-inputs.ts'
import type { SecretInputs } from './secret-inputs.ts'

/** A token of the recipe: the current one, or one with a name of its own. */
export type Login = { readonly name: string; readonly key: string; readonly step: number; revoked: boolean }

/** What has been understood so far of a conversation, and the steps that it has become. */
export type Understanding = {
  readonly names: DraftNames
  readonly secrets: SecretInputs
  readonly paths: PathInputs
  readonly known: KnownCloud | undefined
  readonly steps: DraftStep[]
  readonly notes: Note[]
  readonly identityUrls: Set<string>
  readonly filters: Map<string, string>
  readonly logins: Login[]
  /** The login that a token, as the recording has it, came from. */
  readonly tokens: Map<string, Login>
  /** The name of each endpoint that has been picked, by its base. */
  readonly endpoints: Map<string, string>
}

/** The comment above a request as the note of its step, without secrets. */
export function noteOf(comment: string | undefined, { secrets }: Understanding): { readonly note?: string } {
  if (comment === undefined) return {}
  return { note: comment.split('\n').map(starred).map(secrets.mask).join('\n') }
}
