import type { FormPart, HeaderList } from '../model/exchange.ts'
import type { Position } from '../model/problem.ts'

/** What a source recorded, in order. Texts may hold references to shell variables: see reference.ts. */
export type Conversation = {
  readonly recorded: readonly Recorded[]
  /** What was passed over, and why: for the person who imports. */
  readonly notes: readonly Note[]
}

/** One sentence about a place in the source. */
export type Note = { readonly message: string; readonly at?: Position }

/** A request, or a login whose request the source does not show. */
export type Recorded =
  | RecordedRequest
  | { readonly kind: 'login'; readonly url: string; readonly at: Position }

/** A request as it went out, and its answer where the source has it. */
export type RecordedRequest = {
  readonly kind: 'request'
  readonly method: string
  /** Absolute, or starting with a reference. */
  readonly url: string
  readonly headers: HeaderList
  readonly body?: RecordedBody
  /** A file that the answer's body went to. */
  readonly saveTo?: string
  /** Seconds, as curl's --max-time has them. */
  readonly maxTime?: number
  /** The comment above the command. */
  readonly comment?: string
  /** The shell variable that something of the answer went into, and the filters that took it out. */
  readonly result?: { readonly reference: string; readonly filters: string }
  readonly answer?: RecordedAnswer
  readonly at: Position
}

/** A body as text, the name of the file that was sent, or the parts of a form. */
export type RecordedBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'multipart'; readonly parts: readonly FormPart[] }

/** What is known of an answer. */
export type RecordedAnswer = { readonly status: number; readonly headers: HeaderList }

/** A kind of file that can be imported: one file each, and a line in sources.ts. */
export type Source = {
  /** The word for `--from`. */
  readonly name: string
  /** One sentence for messages. */
  readonly summary: string
  /** Whether a text looks like this kind. */
  recognises(text: string): boolean
  read(text: SourceText): Conversation
}

/** The text that is imported, with the name that messages give it. */
export type SourceText = { readonly file: string; readonly text: string }

/** A word of a command line, its quotes taken away. */
export type ShellWord = { readonly text: string; readonly at: Position }
