import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Call, Header } from '../../call.ts'
import { changedCall, headerText, quote } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { reasonOf, text } from '../answer.ts'
import type { Place } from '../place.ts'
import { placeOf } from '../place.ts'
import type { Account } from '../store/stored.ts'
import type { FormPart } from './form-parts.ts'
import { FormProblem, partsOf } from './form-parts.ts'
import { digestOf, keysOf } from './temp-url.ts'

/** What `/info` says of it. */
export const formAbilities = { allowed_digests: ['sha1', 'sha256', 'sha512'], deprecated_digests: ['sha1'] }

/** What a form is checked by, and who does the PUT of each file. */
type FormSite = {
  readonly path: string
  readonly place: Place
  readonly account: Account | undefined
  readonly now: number
  put(call: Call, place: Place): Reply | Promise<Reply>
}

type Fields = Map<string, string>

class FormRefusal extends Error {}

const longestField = 4096
const mostFields = 1000

/** The boundary of a form that a browser sends; undefined for any other request. */
export function formBoundary({ method, header }: Call): string | undefined {
  if (method !== 'POST') return undefined
  const [, boundary] =
    /^multipart\/form-data\s*;(?:.*;)?\s*boundary=("[^"]*"|[^;\s]*)/i.exec(header('Content-Type') ?? '') ?? []
  return boundary?.replace(/^"(.*)"$/, '$1')
}

/** POST of a form with a signature: https://docs.openstack.org/swift/latest/middleware.html#formpost */
export async function postForm(call: Call, boundary: string, site: FormSite): Promise<Reply> {
  const fields: Fields = new Map()
  try {
    return answerOf(fields, await takeParts(call, boundary, fields, site))
  } catch (cause) {
    if (cause instanceof FormProblem) return text(400, `FormPost: ${cause.message}`, 'text/plain')
    if (!(cause instanceof FormRefusal)) throw cause
    const reply = text(401, `FormPost: ${titled(cause.message)}`)
    const challenge: Header = ['Www-Authenticate', `Swift realm="${quote(site.place.account)}"`]
    return { ...reply, headers: [...reply.headers, challenge] }
  }
}

type Outcome = { readonly status: number; readonly message: string }

async function takeParts(call: Call, boundary: string, fields: Fields, site: FormSite): Promise<Outcome> {
  let outcome: Outcome = { status: 400, message: 'no files to process' }
  let files = 0
  for await (const part of partsOf(call.body, boundary)) {
    const disposition = part.headers.get('content-disposition') ?? ''
    const file = parameterOf(disposition, 'filename')
    if (file === undefined || file === '') {
      await takeField(part, parameterOf(disposition, 'name'), fields)
      continue
    }
    files++
    if (files > numberOf(fields, 'max_file_count')) return { status: 400, message: 'max file count exceeded' }
    const { status } = await putFile(call, { part, file }, fields, site)
    outcome = { status, message: '' }
    if (status >= 300) break
  }
  return outcome
}

async function takeField(part: FormPart, name: string | undefined, fields: Fields): Promise<void> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of part.bytes) {
    if (size < longestField) chunks.push(chunk)
    size += chunk.length
  }
  if (name === undefined || fields.size >= mostFields) return
  const value = Buffer.concat(chunks).subarray(0, longestField).toString()
  fields.set(name.toLowerCase(), value)
}

async function putFile(
  call: Call,
  { part, file }: { readonly part: FormPart; readonly file: string },
  fields: Fields,
  site: FormSite,
): Promise<Reply> {
  const keys = site.place.container === '' ? [] : keysOf(site.account, site.place.container)
  if (keys.length === 0) throw new FormRefusal('invalid signature')
  const largest = numberOf(fields, 'max_file_size')
  const headers = headersOf(part, fields)
  if (numberOf(fields, 'expires') < site.now / 1000) throw new FormRefusal('form expired')
  if (!isSigned(fields, site.path, keys)) throw new FormRefusal('invalid signature')
  const below = site.path.endsWith('/') || site.path.split('/').length > 4 ? site.path : `${site.path}/`
  const place = placeOf(quote(`${below}${headerText(file) ?? file}`))
  if ('status' in place) return place
  const body = capped(part.bytes, largest)
  const put = {
    method: 'PUT',
    headers,
    query: new Map<string, string>(),
    length: undefined,
    chunked: true,
    body,
  }
  return await site.put(changedCall(call, put), place)
}

function headersOf(part: FormPart, fields: Fields): readonly Header[] {
  const own = (name: string): string | undefined => fields.get(name) ?? part.headers.get(name)
  const type = own('content-type')
  const encoding = own('content-encoding')
  const [at, after] = ['x_delete_at', 'x_delete_after'].map((name) =>
    fields.has(name) ? String(numberOf(fields, name)) : undefined,
  )
  return [
    ['Transfer-Encoding', 'chunked'],
    ...(type === undefined ? [] : [['Content-Type', type || 'application/octet-stream'] as const]),
    ...(encoding === undefined ? [] : [['Content-Encoding', encoding] as const]),
    ...(at === undefined ? [] : [['X-Delete-At', at] as const]),
    ...(after === undefined ? [] : [['X-Delete-After', after] as const]),
  ]
}

function isSigned(fields: Fields, path: string, keys: ReturnType<typeof keysOf>): boolean {
  const found = digestOf(fields.get('signature') ?? '')
  if (found === undefined) return false
  const of = (name: string, otherwise: string): string => fields.get(name) || otherwise
  const words = [
    path,
    of('redirect', ''),
    of('max_file_size', '0'),
    of('max_file_count', '0'),
    of('expires', '0'),
  ]
  return keys.some(({ key }) => {
    const right = createHmac(found.digest, Buffer.from(key, 'latin1')).update(words.join('\n')).digest()
    return right.length === found.bytes.length && timingSafeEqual(right, found.bytes)
  })
}

async function* capped(bytes: AsyncIterable<Buffer>, largest: number): AsyncGenerator<Buffer> {
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > largest) throw new FormProblem('max_file_size exceeded')
    yield chunk
  }
}

const notWhole: Readonly<Record<string, string>> = {
  expires: 'expired not an integer',
  x_delete_at: 'x_delete_at not an integer: Unix timestamp required.',
  x_delete_after: 'x_delete_after not an integer: Number of seconds required.',
}

function numberOf(fields: Fields, name: string): number {
  const value = fields.get(name) || '0'
  if (!/^\s*[+-]?\d+\s*$/.test(value)) throw new FormProblem(notWhole[name] ?? `${name} not an integer`)
  return Number(value)
}

function answerOf(fields: Fields, { status, message }: Outcome): Reply {
  const redirect = fields.get('redirect')
  const line = `${status} ${reasonOf(status)}`
  if (!redirect)
    return text(status, message === '' ? line : `${line}\r\nFormPost: ${titled(message)}`, 'text/plain')
  const query = `status=${status}&message=${quote(message)}`
  const location = `${redirect}${redirect.includes('?') ? '&' : '?'}${query}`
  return {
    status: 303,
    headers: [['Location', location]],
    body: `<html><body><p><a href="${location}">Click to continue...</a></p></body></html>`,
  }
}

function parameterOf(disposition: string, name: string): string | undefined {
  const [, value] = new RegExp(`;\\s*${name}=("[^"]*"|[^;\\s]*)`, 'i').exec(disposition) ?? []
  return value?.replace(/^"(.*)"$/, '$1')
}

function titled(message: string): string {
  return message.replace(/[a-z]+/gi, (word) => word[0]?.toUpperCase() + word.slice(1).toLowerCase())
}
