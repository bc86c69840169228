import type { HeaderList } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import type { Json } from '../../model/recipe.ts'
import type { RecordedAnswer, RecordedRequest } from '../conversation.ts'
import { reference, wholeReference } from '../reference.ts'
import { loginOf } from './login-steps.ts'
import { requestValue } from './request-value.ts'
import { placeUrl, type UrlPlace } from './service-places.ts'
import { type Login, noteOf, type Understanding } from './understanding.ts'

/** Adds what a request to a service becomes: `pick-endpoint` where it is the first there, `request`, and `assert`. */
export function addPlain(request: RecordedRequest, state: Understanding): void {
  const { names, secrets } = state
  const found = placeUrl(request.url, state)
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
    { names, secrets, headers: headersOf(request, login, state) },
  )
  noteBody(request, state)
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

// Both are sent as they were; most servers refuse them.
function noteBody({ body, headers, at }: RecordedRequest, { notes }: Understanding): void {
  if (body?.kind !== 'text') return
  const type = headerOf(headers, 'Content-Type') ?? ''
  if (
    /^application\/x-www-form-urlencoded/i.test(type) &&
    /^\s*[{[]"/.test(body.text.replace(/^([{[])\s+/, '$1'))
  )
    notes.push({
      message: 'The body is JSON, and curl calls it a form: `Content-Type: application/json` is missing.',
      at,
    })
  else if (/^application\/json\b/i.test(type) && !isJson(body.text))
    notes.push({ message: 'The body is called JSON, and is none: it stays a text.', at })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
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
  const rest = state.paths.hide(found)
  if (found.kind === 'identity')
    return {
      url: `${reference(`=${login?.name ?? 'token'}.identity_url`)}${rest}`,
      comments: found.guessed ? [`Guessed to be Keystone by the form of ${shown(url, state)}`] : [],
    }
  const picked = state.endpoints.get(found.base)
  if (picked !== undefined) return { url: `${reference(`=${picked}`)}${rest}`, comments: [] }
  const name = state.endpoints.size === 0 ? 'endpoint' : state.names.reserve(found.pick.service)
  state.endpoints.set(found.base, name)
  const isPlain = name === 'endpoint' && Object.keys(found.pick).length === 1
  state.steps.push({
    verb: 'pick-endpoint',
    value: isPlain ? found.pick.service : { ...found.pick, ...(name !== 'endpoint' && { as: name }) },
    comments: found.guessed ? [`Guessed by the form of ${shown(found.base, state)}`] : [],
  })
  return { url: `${reference(`=${name}`)}${rest}`, comments: [] }
}

function shown(url: string, { secrets, names }: Understanding): string {
  return names.toTemplate(secrets.hide(url.replace(/\?.*$/s, '')))
}

function headersOf(
  { url, headers }: { readonly url: string; readonly headers: HeaderList },
  login: Login | undefined,
  state: Understanding,
): HeaderList {
  const isOwnHost = (value: string): boolean =>
    hostOf(url) === undefined || hostOf(url) === value.trim().toLowerCase()
  const own = headerOf(headers, 'X-Auth-Token')
  const kept = headers.filter(
    ([name, value]) =>
      !dropped.test(name) &&
      !(/^host$/i.test(name) && isOwnHost(value)) &&
      !(/^accept$/i.test(name) && value === '*/*'),
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
const dropped = /^(x-auth-token|content-length|transfer-encoding|connection|expect)$/i

// Undefined where the URL starts with a variable, which nobody can compare with.
function hostOf(url: string): string | undefined {
  return /^https?:\/\/([^/?#]+)/i.exec(url)?.[1]?.toLowerCase()
}

/** What an answer like the recorded one has: its status, the type of its body, the form of its ETag. */
function proposeAssert({ status, headers }: RecordedAnswer): Json | undefined {
  // A failure is what the request expects: see request-value.ts.
  if (status >= 400) return undefined
  const expected: { [key: string]: Json } = {}
  const type = headerOf(headers, 'Content-Type')
  const isEmpty = status === 204 || headerOf(headers, 'Content-Length') === '0'
  if (type !== undefined && !isEmpty) expected['content-type'] = type
  const etag = headerOf(headers, 'ETag')
  if (etag !== undefined && /^"?[0-9a-f]{32}"?$/.test(etag))
    expected.etag = { pattern: etag.startsWith('"') ? '^"[0-9a-f]{32}"$' : '^[0-9a-f]{32}$' }
  return { status, ...(Object.keys(expected).length > 0 && { headers: expected }) }
}
