import type { HttpRequest } from '../model/exchange.ts'
import { phrase } from '../model/phrase.ts'
import { OsrunError } from '../model/problem.ts'

/** Milliseconds within which the head of an answer has to come, and in which a transfer must not stand still. */
export const stillnessLimit = 60_000

/** Bytes a second below which a transfer stands still. */
export const leastSpeed = 10

/** How often it is looked in that time. */
const looks = 12

/** Watches over one exchange; a steady transfer may take as long as it takes. */
export type Pace = {
  /** Bytes of the request's body went out. */
  sent(bytes: number): void
  /** The head of the answer is there. */
  head(): void
  /** Bytes of the answer's body came; trailers are none. */
  received(bytes: number): void
  end(): void
}

/**
 * Tells of an exchange that stands still: before the head while the request's body does not go out either, afterwards by the
 * bytes of the body. `stop` gets TIMED_OUT, once; `end` has to be called.
 */
export function watchPace(
  {
    method,
    url,
    stillness = stillnessLimit,
  }: Pick<HttpRequest, 'method' | 'url'> & { readonly stillness?: number | undefined },
  stop: (problem: OsrunError) => void,
): Pace {
  const least = (leastSpeed * stillness) / 1000
  let counts = [0]
  let isAnswered = false
  const look = (): void => {
    if (counts.length >= looks && counts.reduce((sum, one) => sum + one, 0) < least) {
      clearInterval(timer)
      stop(standstill(method, new URL(url).origin, { isAnswered, stillness }))
    }
    counts = [0, ...counts].slice(0, looks)
  }
  const timer = setInterval(look, stillness / looks)
  const count = (bytes: number): void => {
    counts[0] = (counts[0] ?? 0) + bytes
  }
  return {
    sent: count,
    head() {
      isAnswered = true
      counts = [0]
      timer.refresh()
    },
    received: count,
    end: () => clearInterval(timer),
  }
}

/** TIMED_OUT for an exchange that stands still. */
export function standstill(
  method: string,
  origin: string,
  { isAnswered, stillness }: { readonly isAnswered: boolean; readonly stillness: number },
): OsrunError {
  const seconds = stillness / 1000
  return new OsrunError(
    'TIMED_OUT',
    isAnswered
      ? phrase`The answer of ${origin} to ${method} stood still: less than ${leastSpeed} bytes a second came for ${seconds} s.`
      : phrase`${origin} did not answer ${method} within ${seconds} s.`,
  )
}

/** TIMED_OUT for an exchange that took longer than it was given. */
export function tooLong(method: string, origin: string, timeout: number): OsrunError {
  return new OsrunError('TIMED_OUT', phrase`${method} ${origin} took longer than ${timeout} ms.`)
}
