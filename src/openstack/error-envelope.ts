import type { HeaderList } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { parseJson } from '../util/parse-json.ts'

/** The id under which the cloud logged a request: `x-openstack-request-id`, the older compute one, Swift's `X-Trans-Id`. */
export function requestIdOf(headers: HeaderList): string | undefined {
  return (
    headerOf(headers, 'x-openstack-request-id') ??
    headerOf(headers, 'x-compute-request-id') ??
    headerOf(headers, 'X-Trans-Id')
  )
}

/**
 * The cloud's own words out of an error's body, in whichever envelope: Keystone's `error`, Nova's and
 * Cinder's named fault, Neutron's, API-SIG's list, Heat's, Ironic's JSON in JSON, HTML, plain text. It is as long as it is,
 * so that secrets are found in it before it is shortened.
 */
export function cloudMessage(body: string, contentType: string): string | undefined {
  const text = body.trim()
  if (text === '') return undefined
  if (text.startsWith('{') || text.startsWith('[') || /json/i.test(contentType)) {
    const found = fromJson(text)
    if (found !== undefined) return found.slice(0, longest)
  }
  if (/html/i.test(contentType) || text.startsWith('<')) return fromHtml(text) || undefined
  return /^text\/plain/i.test(contentType) ? text.slice(0, longest) : undefined
}

/** A longer message, in characters, is cut; what is shown of it is far shorter. */
const longest = 64 * 1024

function fromJson(text: string): string | undefined {
  // What calls itself JSON and is not is handled as text.
  return messageIn(parseJson(text), 0)
}

function messageIn(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null || depth > 3) return undefined
  const fields = value as Record<string, unknown>
  if (typeof fields.error_message === 'string') return fromJson(fields.error_message) ?? fields.error_message
  // Heat explains the status beside the error and the fault within it.
  const first = textOf(fields, ['faultstring', 'message']) ?? messageIn(fields.error, depth + 1)
  if (first !== undefined) return first
  const { title, detail } = fields
  if (typeof title === 'string' && typeof detail === 'string') return `${title}: ${detail}`
  const second = textOf(fields, ['explanation', 'detail', 'title'])
  if (second !== undefined) return second
  for (const child of Object.values(fields)) {
    const found = messageIn(child, depth + 1)
    if (found !== undefined) return found
  }
  return typeof fields.error === 'string' ? fields.error : undefined
}

function textOf(fields: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const own = fields[key]
    if (typeof own === 'string' && own !== '') return own
  }
  return undefined
}

// A page's beginning says enough, and a hostile page cannot keep the expressions busy.
function fromHtml(text: string): string {
  return text
    .slice(0, 10_000)
    .replace(/<(title|style|script)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(
      /&(lt|gt|amp|quot|#39|nbsp);/g,
      (_all, name: string) => ({ lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'", nbsp: ' ' })[name] ?? ' ',
    )
    .replace(/\s+/g, ' ')
    .trim()
}
