import type { Call } from '../../call.ts'
import type { StoredObject } from '../store/stored.ts'
import { roundedUp } from '../times.ts'

/** What the conditional headers of a request make of an answer: 304, 412, or undefined to go on. */
export function failedCondition(
  call: Call,
  object: Pick<StoredObject, 'etag' | 'timestamp'>,
): 304 | 412 | undefined {
  const noneMatch = etags(call.header('If-None-Match'))
  if (noneMatch && (noneMatch.includes('*') || noneMatch.includes(object.etag))) return 304
  const match = etags(call.header('If-Match'))
  if (match && !match.includes('*') && !match.includes(object.etag)) return 412
  const changed = roundedUp(object.timestamp)
  const since = Date.parse(call.header('If-Modified-Since') ?? '')
  if (changed <= since) return 304
  const until = Date.parse(call.header('If-Unmodified-Since') ?? '')
  if (changed > until) return 412
  return undefined
}

function etags(header: string | undefined): readonly string[] | undefined {
  const found = header?.split(',').map((one) =>
    one
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1'),
  )
  return found?.some((one) => one !== '') ? found : undefined
}
