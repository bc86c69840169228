import type { Call } from '../../call.ts'
import { decodePercent, quote } from '../../call.ts'
import { withoutOuterSlashes } from '../../end-slashes.ts'
import { toPythonJson } from '../../python-json.ts'
import type { Reply } from '../../reply.ts'
import { reasonOf } from '../answer.ts'
import { acceptedType } from '../listing/listing-format.ts'

/** What `/info` says of it. */
export const bulkDeleteLimits = { max_deletes_per_request: 10_000, max_failed_deletes: 1000 }

/** What is to be deleted: `container/object` or `container`, and why that cannot even be tried. */
export type Doomed = {
  readonly name: string
  readonly error?: { readonly status: number; readonly message: string }
}

/** The longest name that bulk operations tell: an object's, a container's and two slashes. */
export const longestPath = 1024 + 256 + 2

/** `?bulk-delete`: the names are the lines of the body, percent-encoded. It is always 200; what became of it is in the body. */
export async function bulkDelete(call: Call, remove: (name: string) => Promise<number>): Promise<Reply> {
  const type = acceptedType(call)
  const given = call.header('Content-Type')
  if (type === undefined || (given !== undefined && !given.startsWith('text/plain')))
    return report(type, { ...nothingDone, status: 406 })
  if (call.length === undefined && !call.chunked)
    return report(type, { ...nothingDone, status: 411, body: 'Missing Content-Length header.' })
  const names = await readNames(call)
  if (typeof names !== 'string') return deleteAll(call, names, remove)
  const status = names.startsWith('Maximum') ? 413 : 400
  return report(type, { ...nothingDone, status, body: names })
}

/** Deletes the objects, then the containers, and reports as a bulk delete does. */
export async function deleteAll(
  call: Call,
  doomed: readonly Doomed[],
  remove: (name: string) => Promise<number>,
): Promise<Reply> {
  const type = acceptedType(call)
  let [deleted, missing, failure] = [0, 0, 400]
  const errors: [string, string][] = []
  const isObject = ({ name }: Doomed): boolean => withoutOuterSlashes(name).includes('/')
  for (const { name, error } of [...doomed.filter(isObject), ...doomed.filter((one) => !isObject(one))]) {
    if (error !== undefined && error.status !== 404)
      errors.push([error.status === 412 ? name : quote(name), error.message])
    const status = error?.status ?? (await remove(name.replace(/^\/+/, '')))
    if (status < 300) deleted++
    else if (status === 404) missing++
    else if (error === undefined) errors.push([quote(name), `${status} ${reasonOf(status)}`])
    if (status >= 500) failure = 502
    if (errors.length >= bulkDeleteLimits.max_failed_deletes)
      return report(type, { deleted, missing, errors, status: 400, body: 'Max delete failures exceeded' })
  }
  const done = { deleted, missing, errors }
  if (errors.length > 0) return report(type, { ...done, status: failure, body: '' })
  if (deleted + missing > 0) return report(type, { ...done, status: 200, body: '' })
  return report(type, { ...done, status: 400, body: 'Invalid bulk delete.' })
}

/** The report of a bulk delete that deletes nothing, for a reason. */
export function refuseAll(call: Call, body: string): Reply {
  return report(acceptedType(call), { ...nothingDone, body })
}

/** Writes a report as Swift's bulk operations do: text unless JSON or XML is accepted. */
export function reportText(
  type: string | undefined,
  root: string,
  fields: Readonly<Record<string, string | number>>,
  errors: readonly (readonly [name: string, status: string])[],
): string {
  if (type === 'application/json') return toPythonJson({ ...fields, Errors: errors })
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  if (type?.endsWith('/xml')) {
    const escaped = (value: string | number): string =>
      String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    const elements = sorted.map(([key, value]) => {
      const element = key.replaceAll(' ', '_').toLowerCase()
      return `<${element}>${escaped(value)}</${element}>\n`
    })
    const objects = errors.map(
      ([name, status]) =>
        `<object><name>${escaped(name)}</name><status>${escaped(status)}</status></object>\n`,
    )
    return `<${root}>\n${elements.join('')}<errors>\n${objects.join('')}</errors>\n</${root}>\n`
  }
  const lines = [
    ...sorted.map(([key, value]) => `${key}: ${value}`),
    'Errors:',
    ...errors.map((one) => one.join(', ')),
  ]
  return `${lines.join('\n')}\n`
}

type Report = {
  readonly deleted: number
  readonly missing: number
  readonly errors: readonly (readonly [string, string])[]
  readonly status: number
  readonly body: string
}

const nothingDone: Report = { deleted: 0, missing: 0, errors: [], status: 400, body: '' }

function report(type: string | undefined, { deleted, missing, errors, status, body }: Report): Reply {
  const fields = {
    'Response Status': `${status} ${reasonOf(status)}`,
    'Response Body': body,
    'Number Deleted': deleted,
    'Number Not Found': missing,
  }
  return {
    status: 200,
    headers: [['Content-Type', type ?? 'text/html; charset=UTF-8']],
    body: reportText(type, 'delete', fields, errors),
    chunked: true,
  }
}

async function readNames(call: Call): Promise<readonly Doomed[] | string> {
  const { max_deletes_per_request: most } = bulkDeleteLimits
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of call.body) {
    size += chunk.length
    if (size > most * (longestPath * 3 + 2)) return `Maximum Bulk Deletes: ${most} per request`
    chunks.push(chunk)
  }
  const lines = Buffer.concat(chunks).toString('latin1').split('\n')
  if (lines.length > most + 1) return `Maximum Bulk Deletes: ${most} per request`
  if (lines.some((line) => line.length > longestPath * 2)) return 'Invalid File Name'
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(decodeName)
}

// The bytes of a line are text, percent-encoded or not.
function decodeName(line: string): Doomed {
  const escaped = line.replace(
    /[^\0-\x7f]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  const name = decodePercent(escaped)
  if (name !== undefined && !name.includes('\0')) return { name }
  const shown = escaped.replace(/%[0-9a-f]{2}/gi, (coded) => coded.toUpperCase())
  // It is shown as it came: quoting it again would not give back its bytes.
  return { name: shown, error: { status: 412, message: '412 Precondition Failed' } }
}
