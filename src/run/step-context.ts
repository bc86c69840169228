import type { Cloud } from '../model/cloud.ts'
import type { ErrorCode } from '../model/error-codes.ts'
import type { Mismatch, RunEvent } from '../model/event.ts'
import type { HttpRequest, HttpResponse, SendOptions } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'
import type { DataPath, Json, RecipeStep } from '../model/recipe.ts'
import type { IssuedToken, SendDetails, StepContext } from '../model/step.ts'
import { describeScope } from '../openstack/describe-scope.ts'
import { tempUrl } from '../openstack/temp-url.ts'
import { ownText, parseTemplate, percentEncode, renderJson, renderTemplate } from '../recipe/template.ts'
import type { Masker } from '../secrets/masker.ts'
import { parseDataPath } from '../util/data-path.ts'
import type { AskedToken } from './issue-token.ts'
import { issueToken } from './issue-token.ts'
import type { RunLedger } from './ledger/run-ledger.ts'
import { refuseWrites } from './read-only.ts'
import { sendRenewing } from './renewing-send.ts'
import { toResponseValue } from './response-value.ts'
import { proveRevoked, revokeToken, trusteeOf } from './revocation.ts'
import { sendRetrying } from './send-retrying.ts'
import type { Sender } from './sender.ts'
import type { SharedTokens } from './shared-tokens.ts'
import type { TokenKeeper } from './token-keeper.ts'
import type { Values } from './values.ts'
import type { Wait } from './wait.ts'

/** What the steps of one run share. */
export type RunParts = {
  readonly cloud: Cloud | undefined
  readonly directory: string
  readonly values: Values
  readonly keeper: TokenKeeper
  readonly masker: Masker
  readonly send: Sender
  /** The tokens that several runs share; undefined where each has its own. */
  readonly shared: SharedTokens | undefined
  readonly urlNames: { value: string; variable: string; secret: boolean }[]
  readonly count: { requests: number }
  /** Answers that steps share, by what was asked. */
  readonly asked: Map<string, HttpResponse>
  /** Where what the run creates is written down; undefined where it is not. */
  readonly ledger: RunLedger | undefined
  /** Refuse requests that could change something. */
  readonly readOnly: boolean
  /** The ids of steps whose answers are read later; only these are kept. */
  readonly referenced: ReadonlySet<string>
  /** Epoch milliseconds at which the run, or cleaning up, has to end. */
  readonly deadline: number
  readonly random: () => number
  readonly wait: Wait
  emit(event: RunEvent): void
  now(): number
}

/** Thrown by `fail` to end a step; the loop turns it into a result, so it never leaves the run. */
export class StepFailed extends Error {
  readonly mismatches: readonly Mismatch[]
  readonly code: ErrorCode
  readonly hint: string | undefined
  /** What the problem's sentence ends with. */
  readonly detail: string
  constructor(mismatches: readonly Mismatch[], code: ErrorCode, hint: string | undefined, detail = '') {
    super(code)
    this.mismatches = mismatches
    this.code = code
    this.hint = hint
    this.detail = detail
  }
}

/** Milliseconds that a request for a token may go on after an interrupt, so that the token is known and revoked. */
const tokenGrace = 5000

/** The context of one step. Its last answer is also what `steps.<id>.response` is, see `onResponse`. */
export function createStepContext(
  parts: RunParts,
  step: RecipeStep,
  signal: AbortSignal,
  onResponse: (response: HttpResponse) => void,
): StepContext {
  const { values, keeper, masker } = parts
  const render = (value: Json, path: DataPath = []): unknown =>
    ownValue(renderJson(value, values.lookup, step.locate, path))
  const notice = (message: string, level: 'info' | 'warning' = 'info'): void =>
    parts.emit({ type: 'notice', step: step.id, level, message })
  const show = (name: string, value: Json): void =>
    parts.emit({ type: 'context', step: step.id, name, value })
  const sendOnce = (
    request: HttpRequest,
    details: SendDetails,
    under: AbortSignal,
    onHead?: SendOptions['onHead'],
  ): Promise<HttpResponse> => {
    parts.count.requests++
    return parts.send(request, step.id, {
      timeout: step.timeout ?? 60_000,
      ...details,
      signal: under,
      onHead,
    })
  }
  const { retry: policy } = step
  const retrying = policy && { ...parts, policy, signal, notice, deadline: deadlineOf(parts, step) }
  const exchange: typeof sendOnce =
    retrying === undefined
      ? sendOnce
      : (request, details, under, onHead) =>
          sendRetrying(request, () => sendOnce(request, details, under, onHead), retrying)
  const keep = (response: HttpResponse): HttpResponse => {
    values.set('response', toResponseValue(response))
    onResponse(response)
    return response
  }
  const learnToken = (id: string, variable: string): void => masker.learn(id, variable.replaceAll('-', '_'))
  const issue = async (kept: AskedToken): Promise<IssuedToken> => {
    using grace = graceful(signal, tokenGrace)
    const before = parts.count.requests
    const issued = await issueToken(kept, parts, (request, onHead) =>
      exchange(request, {}, grace.signal, (status, headers) => {
        onHead(status, headers)
        const id = headerOf(headers, 'X-Subject-Token')
        if (id !== undefined) masker.learn(id.trim())
      }),
    )
    if (parts.count.requests === before && kept.credentials.kind === 'keystone')
      notice('This is the token that another recipe of the run got.')
    const { token } = issued
    const { variable } = kept.request
    learnToken(token.id, variable)
    values.set(variable, {
      ...token.body,
      id: token.id,
      identity_url: token.identityUrl,
      catalog: token.catalog,
      [ownText]: token.id,
    })
    if (variable === 'token') values.set('catalog', token.catalog)
    show(variable, {
      expires_at: typeof token.body.expires_at === 'string' ? token.body.expires_at : null,
      scope: describeScope(token.body),
      services: token.catalog?.length ?? 0,
    })
    if (signal.aborted) throw signal.reason
    return issued
  }
  const sendAllowed = (request: HttpRequest, details: SendDetails): Promise<HttpResponse> => {
    if (parts.readOnly)
      refuseWrites(
        request,
        keeper.tokens.map(({ identityUrl }) => identityUrl),
        step.at,
      )
    return sendRenewing(request, details.expects401 === true, {
      keeper,
      notice,
      send: (asked) => {
        const ask = (): Promise<HttpResponse> => exchange(asked, details, signal)
        return parts.ledger === undefined ? ask() : parts.ledger.send(step, context, asked, ask)
      },
      renew: issue,
    })
  }
  const context: StepContext = {
    signal,
    cloud: parts.cloud,
    directory: parts.directory,
    now: parts.now,
    lookup: (path) => values.lookup(parseDataPath(path) ?? [path]),
    notice,
    render,
    renderText: (value, path) => toText(render(value, path)),
    renderUrl(text, path = []) {
      const at = step.locate(path)
      return toText(renderTemplate(parseTemplate(text, at), values.lookup, 'url', at)).replace(
        notInUrls,
        (part) => percentEncode(part, true),
      )
    },
    locate: (path) => step.locate(path),
    set(name, value) {
      values.set(name, value)
      if (isNamed(value)) show(name, value[ownText])
    },
    signUrl: tempUrl,
    learnSecret: (value, variable) => masker.learn(value, variable?.replaceAll('-', '_')),
    nameUrl(url, variable) {
      const name = { value: url.replace(/\/+$/, ''), variable: variable.replaceAll('-', '_'), secret: false }
      const index = parts.urlNames.findIndex((known) => known.variable === name.variable)
      parts.urlNames.splice(index < 0 ? parts.urlNames.length : index, index < 0 ? 0 : 1, name)
    },
    fail(mismatches, code = 'EXPECTATION_FAILED', hint) {
      if (mismatches.length > 0) throw new StepFailed(mismatches, code, hint)
    },
    send: async (request, details = {}) => keep(await sendAllowed(request, details)),
    async askOnce(request) {
      const { method, url, headers } = request
      const key = [method, url, ...headers.map(([name]) => name)].join('\n')
      const known = parts.asked.get(key)
      if (known !== undefined) return known
      const response = await sendAllowed(request, { redirect: true })
      if (response.status < 500) parts.asked.set(key, response)
      return response
    },
    answer: keep,
    async authenticate(credentials, request) {
      const issued = await issue({ credentials, request })
      if (issued.response) keep(issued.response)
      return issued
    },
    async revoke(given) {
      const id = given ?? currentToken(values)
      if (id === undefined)
        throw new OsrunError('VALUE_MISSING', 'There is no token to revoke.', { at: step.at })
      if (keeper.isGiven(id))
        throw new OsrunError(
          'RECIPE_INVALID',
          'This token was given to osrun, so osrun does not revoke it.',
          {
            at: step.at,
            hint: 'Let the recipe authenticate, and revoke what it got.',
          },
        )
      const kept = keeper.find(id)
      const identityUrl = kept?.identityUrl ?? keeper.tokens.at(-1)?.identityUrl
      if (identityUrl === undefined)
        throw new OsrunError('VALUE_MISSING', 'There is no Keystone to ask.', { at: step.at })
      const ask = (asked: HttpRequest): Promise<HttpResponse> => exchange(asked, { expects401: true }, signal)
      const trustee = trusteeOf(kept)
      await revokeToken({ id, identityUrl }, ask, trustee && (async () => (await issue(trustee)).token.id))
      if (kept) kept.state = 'revoked'
      const asker = keeper.tokens.findLast(
        (other) => other.state === 'live' && other.identityUrl === identityUrl,
      )
      keep(await proveRevoked(id, identityUrl, asker, ask))
    },
    credentialHeaders() {
      const id = currentToken(values)
      if (id === undefined) return []
      if (parts.cloud?.credentials.kind === 'http_basic') return [['Authorization', `Basic ${id}`]]
      return [['X-Auth-Token', id]]
    },
    mayReceiveToken: keeper.mayReceiveToken,
  }
  return context
}

function deadlineOf({ now, deadline }: RunParts, { timeout }: RecipeStep): number {
  return timeout === undefined ? deadline : Math.min(deadline, now() + timeout)
}

function currentToken(values: Values): string | undefined {
  const token = values.get('token')
  if (typeof token === 'string') return token
  const own = (token as { readonly [ownText]?: unknown } | undefined)?.[ownText]
  return typeof own === 'string' ? own : undefined
}

// What a recipe may write in a URL and a request line cannot hold: `PUT ${endpoint}/photos/a b.jpg`.
const notInUrls = /[\s"<>\\^`{|}\u0080-\uffff]+/g

// A token or an endpoint that stands alone is its text, also within a JSON body.
function ownValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (ownText in value) return value[ownText]
  if (Array.isArray(value)) return value.map(ownValue)
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, ownValue(child)]))
}

function toText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function graceful(signal: AbortSignal, grace: number): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const start = (): void => {
    timer = setTimeout(() => controller.abort(signal.reason), grace)
  }
  if (signal.aborted) controller.abort(signal.reason)
  else signal.addEventListener('abort', start, { once: true })
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal.removeEventListener('abort', start)
    },
  }
}

function isNamed(value: unknown): value is { readonly [ownText]: string } {
  return typeof value === 'object' && value !== null && ownText in value
}
