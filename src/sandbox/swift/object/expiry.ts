import type { Call } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { text } from '../answer.ts'
import type { Metadata } from '../store/stored.ts'

// Ten digits are all that Swift keeps of a time.
const latest = 9_999_999_999

/** X-Delete-At that a request asks for, in seconds since 1970; undefined when it asks for none, and 400 for a past or unclear one. */
export function expiryOf(call: Call, now: number): string | undefined | Reply {
  const after = call.header('X-Delete-After')
  const at = call.header('X-Delete-At')
  const header = after !== undefined ? 'X-Delete-After' : 'X-Delete-At'
  const given = after ?? at
  if (given === undefined || given === '') return undefined
  if (!/^\s*[+-]?\d+\s*$/.test(given)) return text(400, `Non-integer ${header}`, 'text/plain')
  const end = Math.min(latest, after === undefined ? Number(given) : Math.floor(now / 1000) + Number(given))
  return end < now / 1000 ? text(400, `${header} in past`, 'text/plain') : String(end)
}

/** The metadata with the time at which the object goes. */
export function withExpiry(metadata: Metadata, expiry: string | undefined): Metadata {
  return expiry === undefined ? metadata : new Map([...metadata, ['X-Delete-At', expiry]])
}
