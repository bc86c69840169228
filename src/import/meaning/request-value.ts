import type { FormPart, HeaderList } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import type { Json } from '../../model/recipe.ts'
import { isSecretName } from '../../util/secret-names.ts'
import type { RecordedRequest } from '../conversation.ts'
import { referencesOf, wholeReference } from '../reference.ts'
import type { DraftNames } from './draft-names.ts'
import { fieldWithoutSecret, type SecretInputs, textWithoutSecrets, withoutSecrets } from './secret-inputs.ts'

/** What writing a request needs. */
type RequestContext = {
  readonly names: DraftNames
  readonly secrets: SecretInputs
  /** The headers that are left for the recipe to send. */
  readonly headers: HeaderList
}

/** The value of a `request:` step: `METHOD url` where that says it all, else a mapping. */
export function requestValue(request: RecordedRequest, context: RequestContext): string | Fields {
  const { names, secrets } = context
  const { url, query } = splitQuery(request.url, secrets)
  const value: { [key: string]: Json } = { url: `${request.method} ${names.toTemplate(secrets.hide(url))}` }
  if (query !== undefined) value.query = templated(query as Json, names)
  const body = bodyOf(request, context)
  const headers = headersOf(context.headers, body, context)
  if (Object.keys(headers).length > 0) value.headers = headers
  Object.assign(value, body)
  if (request.saveTo !== undefined) value['save-to'] = names.toPath(secrets.hide(request.saveTo))
  const { answer } = request
  if (answer !== undefined && answer.status >= 400) value.expect = answer.status
  if (answer !== undefined && answer.status >= 300 && answer.status < 400) value.redirect = false
  return Object.keys(value).length === 1 ? String(value.url) : value
}

type Fields = { readonly [key: string]: Json }

/** The query as a mapping, where writing that gives the same text again. */
function splitQuery(
  whole: string,
  secrets: SecretInputs,
): { readonly url: string; readonly query?: Readonly<Record<string, unknown>> } {
  const url = textWithoutSecrets(whole, secrets)
  const at = url.indexOf('?')
  if (at < 0) return { url }
  const query: Record<string, string | number> = {}
  for (const pair of url.slice(at + 1).split('&')) {
    const [, name, value] = /^([\w.~-]+)=(.*)$/.exec(pair) ?? []
    if (name === undefined || value === undefined || Object.hasOwn(query, name) || /^\d+$/.test(name))
      return { url }
    const plain = decoded(value)
    if (plain === undefined) return { url }
    query[name] = /^(0|[1-9]\d{0,14})$/.test(plain) ? Number(plain) : plain
  }
  return { url: url.slice(0, at), query }
}

// References stand in a query as they are; everything else must be as encodeURIComponent writes it.
function decoded(value: string): string | undefined {
  try {
    const plain = decodeURIComponent(value)
    const again = encodeURIComponent(plain)
      .replaceAll('%EF%B7%90', '\ufdd0')
      .replaceAll('%EF%B7%91', '\ufdd1')
    return again === value || (referencesOf(value).length > 0 && wholeReference(value) !== undefined)
      ? plain
      : undefined
  } catch {
    return undefined
  }
}

function headersOf(list: HeaderList, body: Fields, { names, secrets }: RequestContext): Fields {
  const headers: { [key: string]: Json } = {}
  for (const [name, value] of list) {
    if (/^content-type$/i.test(name) && isOfBody(value, body)) continue
    const written = names.toTemplate(headerText(name, value, { names, secrets }))
    // Lines of one name are one line with commas: RFC 9110, 5.3.
    headers[name] = Object.hasOwn(headers, name) ? `${String(headers[name])}, ${written}` : written
  }
  return headers
}

// The recipe sends these by itself.
function isOfBody(type: string, body: Fields): boolean {
  return Object.hasOwn(body, 'multipart') || (Object.hasOwn(body, 'json') && type === 'application/json')
}

function headerText(
  name: string,
  value: string,
  { names, secrets }: Omit<RequestContext, 'headers'>,
): string {
  if (!isSecretName(name) || value === '') return secrets.hide(value)
  const isOpen = referencesOf(value).length > 0
  if (isOpen) names.markSecret(value)
  // Base64 of a name and a password that only the shell knows cannot be put together here.
  if (isOpen && !/^basic /i.test(value)) return secrets.hide(value)
  return secrets.take(value, name.toLowerCase())
}

function bodyOf({ body, headers }: RecordedRequest, { names, secrets }: RequestContext): Fields {
  if (body === undefined) return {}
  if (body.kind === 'multipart') return { multipart: partsOf(body.parts, { names, secrets }) }
  if (body.kind === 'file') return { file: names.toPath(secrets.hide(body.path)) }
  const type = headerOf(headers, 'Content-Type') ?? ''
  const json = /^application\/(\S+\+)?json\b/i.test(type) ? exactJson(body.text) : undefined
  if (json !== undefined) return { json: templated(withoutSecrets(json, secrets) as Json, names) }
  return { body: names.toTemplate(textWithoutSecrets(body.text, secrets)) }
}

function partsOf(parts: readonly FormPart[], { names, secrets }: Omit<RequestContext, 'headers'>): Json {
  const written = new Map<string, Json[]>()
  for (const { name, type, ...part } of parts) {
    const typed = type === undefined ? {} : { type: names.toTemplate(type) }
    const value =
      'text' in part
        ? names.toTemplate(fieldWithoutSecret(name, part.text, secrets))
        : {
            file: names.toPath(secrets.hide(part.file)),
            ...(part.filename !== undefined && { filename: names.toTemplate(secrets.hide(part.filename)) }),
            ...typed,
          }
    const one = typeof value === 'string' && type !== undefined ? { text: value, ...typed } : value
    written.set(name, [...(written.get(name) ?? []), one])
  }
  return Object.fromEntries(
    [...written].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? null) : all]),
  )
}

/** The data of a JSON text, where writing the data gives the same text again but for its white space. */
function exactJson(text: string): Json | undefined {
  try {
    const data = JSON.parse(text) as Json
    const bare = text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')
    if (JSON.stringify(data) !== bare || !isPlain(data, 0)) return undefined
    return data
  } catch {
    return undefined
  }
}

// A key is no template, a recipe is not nested without end, and takes no number that would lose digits.
function isPlain(value: Json, depth: number): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value)
  if (typeof value !== 'object' || value === null) return true
  return (
    depth < 40 &&
    Object.entries(value).every(
      ([key, child]) => referencesOf(key).length === 0 && key !== '__proto__' && isPlain(child, depth + 1),
    )
  )
}

function templated(value: Json, names: DraftNames): Json {
  if (typeof value === 'string') return names.toTemplate(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => templated(item, names))
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, templated(child, names)]))
}
