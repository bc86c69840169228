import { STATUS_CODES } from 'node:http'
import type { HttpRequest, HttpResponse } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'
import type { RetryPolicy } from '../model/recipe.ts'
import { toSeconds } from '../util/duration.ts'
import { retryAfter } from './retry-after.ts'
import type { Wait } from './wait.ts'

/** What sending again needs of the step around it. */
export type Retrying = {
  readonly policy: RetryPolicy
  /** Ends the waiting. */
  readonly signal: AbortSignal
  /** Epoch milliseconds; nothing is sent after it. */
  readonly deadline: number
  /** From 0 to 1, as Math.random. */
  readonly random: () => number
  readonly wait: Wait
  now(): number
  notice(message: string): void
}

/** Milliseconds: who is asked to wait longer than this gives up. */
const longestWait = 3_600_000

/** The problems that may be gone the next time. Whoever is not trusted, or sends no HTTP, will do so again. */
const passing = new Set(['CONNECTION_REFUSED', 'CONNECTION_LOST', 'TIMED_OUT', 'DNS_FAILED'])

/**
 * Sends a request, and sends it again after a passing trouble as the policy says; the last answer, or problem, stands.
 * The waits are those of Retry-After, else they grow exponentially with full jitter:
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export async function sendRetrying(
  { method }: HttpRequest,
  send: () => Promise<HttpResponse>,
  retrying: Retrying,
): Promise<HttpResponse> {
  const { policy, signal, now } = retrying
  if (!policy.methods.includes(method)) return send()
  for (let again = 1; again <= policy.times; again++) {
    let trouble: string
    let asked: number | undefined
    const result = await settled(send)
    if (result.response !== undefined) {
      const { response } = result
      if (!policy.on.includes(response.status)) return response
      trouble = `${method} was answered ${response.status} ${STATUS_CODES[response.status] ?? ''}`.trim()
      asked = retryAfter(response, now())
    } else {
      if (signal.aborted || !policy.on.includes('connection') || !isPassing(result.error)) throw result.error
      trouble = `${method} got no answer, ${result.error.code}`
    }
    const most = Math.min(policy.maxDelay, policy.delay * 2 ** (again - 1))
    const pause = asked || Math.round(retrying.random() * most)
    const length = `${toSeconds(pause)}${asked ? ' (Retry-After)' : ''}`
    if (pause > longestWait || now() + pause > retrying.deadline) {
      retrying.notice(`${trouble}; it is not sent again: ${length} is more than there is time for.`)
      if (result.response !== undefined) return result.response
      throw result.error
    }
    retrying.notice(`${trouble}; it is sent again in ${length}, ${again} of ${policy.times}.`)
    await retrying.wait(pause, signal)
  }
  return send()
}

type Settled =
  | { readonly response: HttpResponse; readonly error?: undefined }
  | { readonly response?: undefined; readonly error: unknown }

async function settled(send: () => Promise<HttpResponse>): Promise<Settled> {
  try {
    return { response: await send() }
  } catch (error) {
    return { error }
  }
}

function isPassing(error: unknown): error is OsrunError {
  return error instanceof OsrunError && passing.has(error.code)
}
