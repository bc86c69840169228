import { STATUS_CODES } from 'node:http'
import type { Header } from '../call.ts'
import type { Reply } from '../reply.ts'
import type { Asked, Effect, Fault } from './fault.ts'
import { millisecondsOf, timesOf } from './fault.ts'

/** Requests are too many. */
export const rateLimit: Fault = {
  name: 'rate-limit',
  summary: 'The object store answers 429 with "Retry-After: 1", this many times.',
  value: { kind: 'count', default: '1' },
  begin: (value) => refuse(value, 429, [['Retry-After', '1']]),
}

/** A service that is down for a while. */
export const unavailable: Fault = {
  name: 'unavailable',
  summary: 'The object store answers 503, this many times.',
  value: { kind: 'count', default: '2' },
  begin: (value) => refuse(value, 503),
}

/** Every answer is late. */
export const slow: Fault = {
  name: 'slow',
  summary: 'Every answer comes this much later.',
  value: { kind: 'duration', default: '2s' },
  begin: (value) => ({ change: (reply) => ({ ...reply, delay: millisecondsOf(value) ?? 0 }) }),
}

/** Header names as an HTTP/2 proxy leaves them. */
export const lowerCaseHeaders: Fault = {
  name: 'lower-case-headers',
  summary: 'The names of all headers of answers are in lower case: x-subject-token.',
  begin: () => ({ change: (reply) => ({ ...reply, lowerCase: true }) }),
}

function refuse(value: string, status: number, headers: readonly Header[] = []): Effect {
  const { take, isSpent } = timesOf(value)
  return {
    answer: ({ service }: Asked) =>
      service === 'object-store' && take() ? page(status, headers) : undefined,
    isSpent,
  }
}

// Not Swift says it but what stands in front of it, so it has no transaction id.
function page(status: number, headers: readonly Header[]): Reply {
  return {
    status,
    headers: [['Content-Type', 'text/html'], ...headers],
    body: `<html><body><h1>${status} ${STATUS_CODES[status] ?? ''}</h1></body></html>\n`,
  }
}
