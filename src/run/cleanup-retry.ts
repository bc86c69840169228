import type { HttpRequest, HttpResponse, Transport } from '../model/exchange.ts'
import type { RetryPolicy } from '../model/recipe.ts'
import { sendRetrying } from './send-retrying.ts'
import { type Wait, wait } from './wait.ts'

/**
 * What cleaning up asks for is asked for again while a cloud is busy or a service starts again, as long as there is time. One
 * that does not answer at all is given up at once, so that Ctrl+C ends a run against a cloud that is gone.
 */
export const cleanupRetry: RetryPolicy = {
  times: 6,
  on: [429, 502, 503, 504],
  methods: ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'COPY'],
  delay: 1000,
  maxDelay: 8000,
}

type CleanupSending = {
  /** Milliseconds for all requests together; 30 seconds unless given. */
  readonly timeout: number | undefined
  /** Stops at once. */
  readonly abort?: AbortSignal | undefined
  readonly random?: (() => number) | undefined
  readonly wait?: Wait | undefined
  now(): number
}

/** Gives what sends requests that clean up after the runs have ended, as `cleanupRetry` says. Its time begins now. */
export function cleanupSender(
  transport: Transport,
  { timeout = 30_000, abort, now, ...given }: CleanupSending,
): (request: HttpRequest) => Promise<HttpResponse> {
  const deadline = AbortSignal.timeout(timeout)
  const signal = abort === undefined ? deadline : AbortSignal.any([deadline, abort])
  const retrying = {
    policy: cleanupRetry,
    signal,
    deadline: now() + timeout,
    random: given.random ?? Math.random,
    wait: given.wait ?? wait,
    now,
    notice: () => {},
  }
  return (request) => sendRetrying(request, () => transport.send(request, { signal }), retrying)
}
