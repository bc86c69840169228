import { headerOf } from '../../model/exchange.ts'
import type { Json } from '../../model/recipe.ts'
import type { RecordedAnswer } from '../conversation.ts'

/** What an answer like the recorded one has: its status, the type of its body, the form of its ETag. */
export function proposeAssert({ status, headers }: RecordedAnswer): Json | undefined {
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
