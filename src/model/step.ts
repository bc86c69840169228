import type { Cloud, Credentials } from './cloud.ts'
import type { ErrorCode } from './error-codes.ts'
import type { Mismatch } from './event.ts'
import type { HeaderList, HttpRequest, HttpResponse } from './exchange.ts'
import type { Asks } from './permission.ts'
import type { Position } from './problem.ts'
import type { DataPath, Json, ReadUse, RecipeStep, VerbTraits } from './recipe.ts'
import type { TempUrlGrant } from './temp-url.ts'
import type { Token } from './token.ts'

/** A JSON Schema as data. */
export type JsonSchema = { readonly [key: string]: Json }

/** A name that a step reads, with the place of the read when it has one; it is needed unless it says otherwise. */
type NameUse = { readonly name: string; readonly path: DataPath; readonly use?: ReadUse }

/** A verb of the recipe language: one file that exports one of these, and one line in the registry. */
export interface Verb {
  /** The YAML key. */
  readonly verb: string
  /** One sentence for the reference. */
  readonly summary: string
  /** What its steps are like; nobody decides by the verb's name. */
  readonly traits?: VerbTraits
  /** Validates the verb's value; published for editors. */
  readonly schema: JsonSchema
  /** An example of a step, in YAML, for the reference; it is checked by a test. */
  readonly example: string
  /** What the step's title is when it has no `name`. */
  title(input: Json): string
  /** The names that the step sets for those after it. */
  sets(input: Json): readonly string[]
  /** Names that the step reads besides those in its templates. */
  reads?(input: Json): readonly NameUse[]
  /** Which of its keys a recipe may give in `defaults`, once for all steps. */
  readonly defaults?: VerbDefaults
  /** Further checks of one input that a schema cannot say; called before anything is sent. */
  check?(
    input: Json,
    report: (path: DataPath, message: string, hint?: string) => void,
    /** The inputs and captures that have a value when the step runs. */
    names: () => readonly string[],
  ): void
  /** Says of an input that is valid what is hardly meant; `osrun check` warns of it. */
  doubt?(input: Json, report: (path: DataPath, message: string, hint: string) => void): void
  /** What an input asks for of the world around: a request, files. */
  asks?(input: Json): Asks
  /** Its value holds no templates: `${` is just text. */
  readonly isPlain?: true
  /** The time-out of the recipe's `defaults` is not for its steps. */
  readonly untimed?: true
  /** The recipe whose steps a step of this verb stands for, and the values of its inputs. */
  includes?(input: Json): { readonly path: string; readonly with: JsonSchema }
  run(step: RecipeStep, context: StepContext): Promise<void>
}

/** The keys of a verb that a recipe may give in `defaults`. */
export type VerbDefaults = {
  /** The JSON Schema of each of them there. */
  readonly schemas: { readonly [key: string]: JsonSchema }
  /** Puts those that the recipe gives into an input that does not say otherwise. */
  fill(input: Json, defaults: JsonSchema): Json
}

/** What a step may touch, and nothing else. */
export interface StepContext {
  readonly signal: AbortSignal
  /** Undefined when none is configured. */
  readonly cloud: Cloud | undefined
  /** Epoch milliseconds. */
  now(): number
  /** Renders every template in a value; a string that is one template keeps its value's type. */
  render(value: Json, path?: DataPath): unknown
  /** As `render`, of what becomes text; throws VALUE_MISSING where a leaf is null, or a list with null. */
  renderFilled(value: Json, path?: DataPath): unknown
  /** Renders a value to text; objects that have no text of their own become JSON. Throws VALUE_MISSING for null. */
  renderText(value: Json, path?: DataPath): string
  /** Renders the text of a URL: values in its path are percent-encoded, a leading value is not. */
  renderUrl(text: string, path?: DataPath): string
  /**
   * Renders a path of the recipe and makes it absolute, from the recipe's folder; for one that is read links are followed.
   * Throws VALUE_INVALID where a value leads out of the folder of the path's literal part, FILE_REFUSED where the recipe may not
   * use the file.
   */
  renderPath(value: Json, path: DataPath, use: 'read' | 'write'): string
  /** The value at a path such as `steps.login.response`; undefined when there is none. */
  lookup(path: string): unknown
  /** Sets a name for the steps after this one; `origin` says how a shell gets the value. */
  set(name: string, value: unknown, origin?: ValueOrigin): void
  /** Sends, records and reports one request; follows its redirects when told to. Never throws for a status. */
  send(request: HttpRequest, options?: SendDetails): Promise<HttpResponse>
  /**
   * Sends a request that only prepares the step: its answer is not the step's. Whoever asks a URL again, with or without
   * the token as before, gets the answer that the run has.
   */
  askOnce(request: HttpRequest): Promise<HttpResponse>
  /** Makes this the step's answer, instead of the last one that came. */
  answer(response: HttpResponse): void
  /** Runs a script by bash and sets `stdout` and `exit-code`; throws RUN_REFUSED where scripts may not run. */
  runScript(script: string, options: { readonly token: boolean }): Promise<ScriptEnd>
  /** Waits so many milliseconds, or until `signal` aborts, and then rejects with its reason. */
  wait(milliseconds: number): Promise<void>
  /** Shows a question and waits for Enter; false, at once, when nobody can be asked. */
  ask(question: string): Promise<boolean>
  /** Tells the user something that is no result. */
  notice(message: string, level?: 'info' | 'warning'): void
  /** Hides a value from now on, wherever it appears; `variable` stands for it in curl lines. */
  learnSecret(value: string, variable?: string): void
  /** Lets a public value appear as `"$variable"` at the start of the URLs in curl lines. */
  nameUrl(url: string, variable: string): void
  /** Ends the step as failed when there are any mismatches. */
  fail(mismatches: readonly Mismatch[], code?: ErrorCode, hint?: string): void
  /** Makes a temporary URL; undefined when the grant is not for an object. */
  signUrl(grant: TempUrlGrant): { readonly url: string; readonly signature: string } | undefined
  /** Gets a token with the credentials given and keeps it for revocation. */
  authenticate(credentials: Credentials, options: TokenRequest): Promise<IssuedToken>
  /** Revokes a token, the current one unless named, and proves it. */
  revoke(token: string | undefined): Promise<void>
  /** The headers that show who asks: X-Auth-Token or Authorization; none before `authenticate`. */
  credentialHeaders(): HeaderList
  /** Says whether a token may go to this URL, which is one of its own cloud; the current one unless another is given. */
  mayReceiveToken(url: string, token?: string): boolean
  /** Whether the caller's credentials may go to this URL: one of the run's own cloud, or one that the caller allows. */
  mayReceiveCredentials(url: string): boolean
  /** Throws ORIGIN_REFUSED, at a place of the step, unless the caller allows the origin of a URL to have what does not belong there. */
  permitOrigin(url: string, what: string, path: DataPath): void
  /** Throws ORIGIN_REFUSED where the templates of a value hold a credential or a token that may not go to a URL. */
  permitReads(url: string, value: Json): void
  locate(path: DataPath): Position
}

/** How a shell gets a value: by a program of jq out of the answer to the login, or by signing. */
type ValueOrigin = { readonly jq: string } | { readonly grant: TempUrlGrant }

/** How `authenticate` is to treat the token that it gets. */
export type TokenRequest = {
  /** Ask for the catalog with the token. */
  readonly catalog: boolean
  /** Leave the token alive at the end. */
  readonly keep: boolean
  /** A token of its own, also where the recipes of a suite share one. */
  readonly fresh: boolean
  /** The name that stands for the token in recipes and curl lines: `token` for the current one. */
  readonly variable: string
}

/** A token, and the answer that brought it; there is none for credentials that need no Keystone. */
export type IssuedToken = { readonly token: Token; readonly response: HttpResponse | undefined }

/** How a script ended. */
type ScriptEnd = {
  /** Its exit status; more than 128 when a signal ended it. */
  readonly exit: number
  /** The end of what it wrote to its standard error, masked. */
  readonly errors: string
}

/** What `send` needs to know besides the request. */
export type SendDetails = {
  /** Milliseconds. */
  readonly timeout?: number
  /** Do not renew the token and send again on a 401. */
  readonly expects401?: boolean
  /** Follow redirects; they keep the method and lose the token on another origin. */
  readonly redirect?: boolean
  /** Told of an origin that a redirect leads to and that gets no token. */
  onStray?(origin: string): void
}
