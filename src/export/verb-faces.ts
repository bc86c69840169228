import type { Verb } from '../model/step.ts'
import type { PlainVerb } from './plain/writing.ts'
import type { PlanVerb } from './plan/plan-verb.ts'
import type { ShellVerb } from './shell/step/shell-verb.ts'

/** The faces of a verb that no run needs; each is a file of the verb's folder, which is loaded when it is first asked for. */
type VerbFaces = {
  /** What `osrun explain` says of a step. */
  readonly explain?: () => Promise<{ readonly explain: PlanVerb }>
  /** How `osrun export` writes a step; a verb without it cannot be exported. */
  readonly shell?: () => Promise<{ readonly shell: ShellVerb }>
  /** How `osrun export --plain` writes a step; a verb without it is refused there. */
  readonly plain?: () => Promise<{ readonly plain: PlainVerb }>
}

/** A verb with all its faces. */
export type FacedVerb = Verb & { readonly faces?: VerbFaces }

type Face = { readonly explain: PlanVerb; readonly shell: ShellVerb; readonly plain: PlainVerb }

/** Loads one face of all verbs that have it, by the names of the verbs. */
export async function loadFaces<Name extends keyof Face>(
  verbs: readonly FacedVerb[],
  face: Name,
): Promise<ReadonlyMap<string, Face[Name]>> {
  const loaded = verbs.map(async ({ verb, faces }) => {
    const load = faces?.[face] as (() => Promise<Pick<Face, Name>>) | undefined
    return load === undefined ? [] : [[verb, (await load())[face]] as const]
  })
  return new Map((await Promise.all(loaded)).flat())
}
