import { headerOf } from '../../model/exchange.ts'
import type { Json } from '../../model/recipe.ts'
import type { RecordedRequest } from '../conversation.ts'
import { reference, wholeReference } from '../reference.ts'
import { type LoginValue, readLogin } from './login.ts'
import { type Login, noteOf, type Understanding } from './understanding.ts'

/** Adds what a request for a token becomes: `authenticate`, once for the same login. */
export function addTokenRequest(request: RecordedRequest, state: Understanding): void {
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
  if (request.url.replace(/^[^?]*/, '').includes('nocatalog'))
    state.notes.push({ message: '`?nocatalog` is left out.', at: request.at })
  const login = addLogin(value ?? null, state, request.comment)
  if (request.result) state.tokens.set(reference(request.result.reference), login)
  const issued = request.answer && headerOf(request.answer.headers, 'X-Subject-Token')
  if (issued !== undefined) state.tokens.set(issued, login)
}

/** Adds `authenticate`. The same login again is the same token; another one gets a name of its own beside the first. */
export function addLogin(value: LoginValue, state: Understanding, comment?: string): Login {
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

/** Adds what the revocation of a token becomes: `revoke`. */
export function addRevocation(request: RecordedRequest, state: Understanding): void {
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
export function loginOf(token: string, state: Understanding): Login {
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

function toTemplates(value: LoginValue, state: Understanding): Json {
  const write = (node: Json): Json => {
    if (typeof node === 'string') return state.names.toTemplate(node)
    if (typeof node !== 'object' || node === null) return node
    if (Array.isArray(node)) return node.map(write)
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, write(child)]))
  }
  return write(value)
}
