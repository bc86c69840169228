import type { HeaderList } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import type { Json } from '../model/recipe.ts'
import { isSecretHeader } from '../secrets/secret-fields.ts'
import type { Conversation, Note, Recorded, RecordedRequest } from './conversation.ts'
import type { Draft, DraftStep } from './draft.ts'
import { type DraftNames, openNames } from './draft-names.ts'
import type { KnownCloud } from './known-cloud.ts'
import { type LoginValue, readLogin } from './login.ts'
import { starred } from './place.ts'
import { proposeAssert } from './propose-assert.ts'
import { reference, referencesOf, wholeReference } from './reference.ts'
import { requestValue } from './request-value.ts'
import { collectSecrets, type SecretInputs, textWithoutSecrets } from './secret-inputs.ts'
import { placeUrl, type UrlPlace } from './service-places.ts'

/** A token of the recipe: the current one, or one with a name of its own. */
type Login = { readonly name: string; readonly key: string; readonly step: number; revoked: boolean }

type Understanding = {
  readonly names: DraftNames
  readonly secrets: SecretInputs
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

/**
 * Makes steps of a conversation: token requests become one `authenticate`, URLs of services `pick-endpoint`
 * and a path, revocations `revoke`; what is secret becomes an input.
 *
 * @param known the cloud whose catalog decides; without one, services are guessed
 */
export function understand(conversation: Conversation, known?: KnownCloud): Draft {
  const names = openNames()
  const secrets = collectSecrets((name) => names.claim(name, true))
  const state: Understanding = {
    names,
    secrets,
    known,
    steps: [],
    notes: [...conversation.notes],
    identityUrls: new Set([reference('OS_AUTH_URL')]),
    filters: new Map(),
    logins: [],
    tokens: new Map(),
    endpoints: new Map(),
  }
  const { recorded } = conversation
  for (const one of recorded) lookAhead(one, state)
  for (const one of recorded) if (one.kind === 'request') takeSecrets(one, state)
  const hasLogins = recorded.some((one) => one.kind === 'login')
  for (const one of recorded) {
    if (one.kind === 'login') addLogin(null, state)
    else if (!(hasLogins && isDiscovery(one, state))) addRequest(one, state)
  }
  const used = JSON.stringify(state.steps)
  return {
    inputs: names.inputs.filter(({ name }) => used.includes(`\${${name}}`)),
    steps: state.steps,
    notes: state.notes,
  }
}

// All secrets are known before the first text is written: one may stand where another request shows it plainly.
function takeSecrets({ url, headers, body, answer }: RecordedRequest, { secrets }: Understanding): void {
  for (const [name, value] of [...headers, ...(answer?.headers ?? [])])
    if (isSecretHeader(name) && value !== '' && referencesOf(value).length === 0)
      secrets.take(value, name.toLowerCase().replace(/^x-(auth|subject)-token$/, '$1-token'))
  textWithoutSecrets(url, secrets)
  if (body?.kind === 'text') textWithoutSecrets(body.text, secrets)
}

const tokensPath = /\/?auth\/tokens\/?(\?.*)?$/

function lookAhead(one: Recorded, { identityUrls, filters }: Understanding): void {
  if (one.kind === 'login' || (one.method === 'POST' && tokensPath.test(one.url)))
    identityUrls.add(one.url.replace(tokensPath, ''))
  if (one.kind === 'request' && one.result !== undefined)
    filters.set(one.result.reference, one.result.filters)
}

// Clients ask a service for its versions before they have a token; osrun does so by itself.
function isDiscovery({ method, url, headers }: RecordedRequest, { identityUrls }: Understanding): boolean {
  const base = url.replace(/\/+$/, '')
  return (
    method === 'GET' &&
    headerOf(headers, 'X-Auth-Token') === undefined &&
    [...identityUrls].some((one) => one === base || one.startsWith(`${base}/v3`))
  )
}

function addRequest(request: RecordedRequest, state: Understanding): void {
  const { method, url } = request
  if (method === 'POST' && tokensPath.test(url)) addTokenRequest(request, state)
  else if (method === 'DELETE' && tokensPath.test(url) && place(url, state).kind === 'identity')
    addRevocation(request, state)
  else addPlain(request, state)
}

function addTokenRequest(request: RecordedRequest, state: Understanding): void {
  const text = request.body?.kind === 'text' ? request.body.text : ''
  const value = readLogin(text, {
    secrets: state.secrets,
    known: state.known,
    tokenOf(token) {
      const login = state.tokens.get(token)
      return login && reference(`=${login.name}`)
    },
  })
  if (value === undefined)
    state.notes.push({
      message: 'The body of this token request is not known: the cloud says who asks.',
      at: request.at,
    })
  if (/\?.*nocatalog/.test(request.url))
    state.notes.push({ message: '`?nocatalog` is left out.', at: request.at })
  const login = addLogin(value ?? null, state, request.comment)
  if (request.result) state.tokens.set(reference(request.result.reference), login)
  const issued = request.answer && headerOf(request.answer.headers, 'X-Subject-Token')
  if (issued !== undefined) state.tokens.set(issued, login)
}

/** The same login again is the same token; another one gets a name of its own beside the first. */
function addLogin(value: LoginValue, state: Understanding, comment?: string): Login {
  const key = JSON.stringify(value)
  const known = state.logins.find((one) => one.key === key && !one.revoked)
  if (known) {
    addNote(known, comment, state)
    return known
  }
  const isFirst = state.logins.every(({ revoked }) => revoked)
  const name = isFirst ? 'token' : state.names.reserve('other-token')
  const login: Login = { name, key, step: state.steps.length, revoked: false }
  state.logins.push(login)
  const own = isFirst ? value : { as: name, ...value }
  for (const secret of ['password', 'token', 'passcode'])
    if (typeof value?.[secret] === 'string') state.names.markSecret(value[secret])
  state.steps.push({
    verb: 'authenticate',
    value: toTemplates(own, state),
    ...noteOf(comment, state),
    comments: [],
  })
  return login
}

// What was said of the second request for the same token is said of the one step that both became.
function addNote({ step }: Login, comment: string | undefined, state: Understanding): void {
  const { note } = noteOf(comment, state)
  const made = state.steps[step]
  if (note === undefined || made === undefined) return
  state.steps[step] = { ...made, note: made.note === undefined ? note : `${made.note}\n\n${note}` }
}

function addRevocation(request: RecordedRequest, state: Understanding): void {
  const own = headerOf(request.headers, 'X-Auth-Token') ?? ''
  const subject = headerOf(request.headers, 'X-Subject-Token') ?? own
  const current = loginOf(own, state)
  const login = subject === own ? current : state.tokens.get(subject)
  if (login) login.revoked = true
  state.names.markSecret(subject)
  const value = login ? (login.name === 'token' ? null : `\${${login.name}}`) : tokenText(subject, state)
  state.steps.push({ verb: 'revoke', value, ...noteOf(request.comment, state), comments: [] })
}

/** The login whose token a request carries: the one it came from, else the current one, made if there is none. */
function loginOf(token: string, state: Understanding): Login {
  const issued = state.tokens.get(token)
  if (issued) return issued
  const current = state.logins.findLast(({ name, revoked }) => name === 'token' && !revoked)
  const login = current ?? addLogin(null, state)
  state.tokens.set(token, login)
  return login
}

function tokenText(token: string, state: Understanding): string {
  const text = wholeReference(token) === undefined ? state.secrets.take(token, 'subject-token') : token
  state.names.markSecret(text)
  return state.names.toTemplate(text)
}

function place(url: string, { known, identityUrls, filters }: Understanding): UrlPlace {
  return placeUrl(url, { known, identityUrls, filters })
}

function addPlain(request: RecordedRequest, state: Understanding): void {
  const { names, secrets } = state
  const found = place(request.url, state)
  const token = headerOf(request.headers, 'X-Auth-Token')
  const isPick = request.result !== undefined && found.kind === 'identity' && found.rest === '/auth/catalog'
  // What took an endpoint out of the catalog is a pick-endpoint, which comes where it is used.
  if (isPick) {
    loginOf(token ?? '', state)
    return
  }
  const login = token === undefined ? undefined : loginOf(token, state)
  const { url, comments } = urlOf(request.url, found, login, state)
  const value = requestValue(
    { ...request, url },
    { names, secrets, headers: headersOf(request.headers, login, state) },
  )
  // osrun would send its token to whatever the catalog names.
  const isBare = token === undefined && state.logins.length > 0
  const sent = isBare ? { ...(typeof value === 'string' ? { url: value } : value), token: false } : value
  state.steps.push({
    verb: 'request',
    value: sent,
    ...noteOf(request.comment, state),
    ...(request.maxTime !== undefined && { timeout: `${request.maxTime}s` }),
    comments: [
      ...comments,
      ...(token !== undefined && found.kind === 'elsewhere'
        ? [
            'Where the catalog does not name this server, it gets no token unless the step says `token: true`.',
          ]
        : []),
    ],
  })
  const assert = request.answer && proposeAssert(request.answer)
  if (assert) state.steps.push({ verb: 'assert', value: assert, comments: [] })
}

function urlOf(
  url: string,
  found: UrlPlace,
  login: Login | undefined,
  state: Understanding,
): { readonly url: string; readonly comments: readonly string[] } {
  // A request that shows no token is no reason to get one.
  if (found.kind === 'elsewhere' || (login === undefined && state.logins.length === 0))
    return { url, comments: [] }
  if (found.kind === 'identity')
    return {
      url: `${reference(`=${login?.name ?? 'token'}.identity_url`)}${found.rest}`,
      comments: found.guessed ? [`Guessed to be Keystone by the form of ${shown(url, state)}`] : [],
    }
  const picked = state.endpoints.get(found.base)
  if (picked !== undefined) return { url: `${reference(`=${picked}`)}${found.rest}`, comments: [] }
  const name = state.endpoints.size === 0 ? 'endpoint' : state.names.reserve(found.pick.service)
  state.endpoints.set(found.base, name)
  const isPlain = name === 'endpoint' && Object.keys(found.pick).length === 1
  state.steps.push({
    verb: 'pick-endpoint',
    value: isPlain ? found.pick.service : { ...found.pick, ...(name !== 'endpoint' && { as: name }) },
    comments: found.guessed ? [`Guessed by the form of ${shown(found.base, state)}`] : [],
  })
  return { url: `${reference(`=${name}`)}${found.rest}`, comments: [] }
}

function shown(url: string, { secrets, names }: Understanding): string {
  return names.toTemplate(secrets.hide(url.replace(/\?.*$/, '')))
}

function headersOf(headers: HeaderList, login: Login | undefined, state: Understanding): HeaderList {
  const own = headerOf(headers, 'X-Auth-Token')
  const kept = headers.filter(
    ([name, value]) => !dropped.test(name) && !(/^accept$/i.test(name) && value === '*/*'),
  )
  const written = kept.map(([name, value]): readonly [string, string] => {
    if (!/^x-subject-token$/i.test(name)) return [name, value]
    const meant = value === own ? login : state.tokens.get(value)
    if (meant) return [name, reference(`=${meant.name}`)]
    state.names.markSecret(value)
    return [name, wholeReference(value) === undefined ? state.secrets.take(value, 'subject-token') : value]
  })
  return login === undefined || login.name === 'token'
    ? written
    : [...written, ['X-Auth-Token', reference(`=${login.name}`)]]
}

/** osrun's own: the token, and what HTTP itself needs. */
const dropped = /^(x-auth-token|host|content-length|transfer-encoding|connection|expect)$/i

function noteOf(comment: string | undefined, { secrets }: Understanding): { readonly note?: string } {
  if (comment === undefined) return {}
  return { note: comment.split('\n').map(starred).map(secrets.mask).join('\n') }
}

function toTemplates(value: LoginValue, state: Understanding): Json {
  const write = (node: Json): Json => {
    if (typeof node === 'string') return state.names.toTemplate(node)
    if (typeof node !== 'object' || node === null) return node
    if (Array.isArray(node)) return node.map(write)
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, write(child)]))
  }
  return write(value)
}
