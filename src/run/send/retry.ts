import { STATUS_CODES } from 'node:http'
import type { HttpResponse } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import { toSeconds } from '../../util/duration.ts'
import type { Link, Retrying } from './link.ts'
import { retryAfter } from './retry-after.ts'

/** Without effect, however often they are sent. */
const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Milliseconds: who is asked to wait longer than this gives up. */
const longestWait = 3_600_000

/** The problems that may be gone the next time. Whoever is not trusted, or sends no HTTP, will do so again. */
const passing = new Set(['CONNECTION_REFUSED', 'CONNECTION_LOST', 'TIMED_OUT', 'DNS_FAILED'])

/**
 * Sends a request, and sends it again after a passing trouble as the policy says; the last answer, or problem, stands. A
 * refusal after a try that may have had its effect counts as a lost connection, so that what was made is undone.
 * The waits are those of Retry-After, else they grow exponentially with full jitter:
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const retry: Link = (next) => (request, details) => {
  const { retrying, notice } = details.errand
  if (retrying === undefined || !retrying.policy.methods.includes(request.method))
    return next(request, details)
  return sendAgain(request.method, () => next(request, details), retrying, notice)
}

async function sendAgain(
  method: string,
  send: () => Promise<HttpResponse>,
  retrying: Retrying,
  notice: (message: string) => void,
): Promise<HttpResponse> {
  const { policy, signal, now } = retrying
  let doubt: string | undefined
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
      if (signal.aborted || !policy.on.includes('connection') || !isPassing(result.error))
        throw inDoubt(result.error, doubt)
      trouble = `${method} got no answer, ${result.error.code}`
    }
    if (!safe.has(method) && mayHaveHappened(result)) doubt ??= trouble
    const most = Math.min(policy.maxDelay, policy.delay * 2 ** (again - 1))
    const pause = asked || Math.round(retrying.random() * most)
    const length = `${toSeconds(pause)}${asked ? ' (Retry-After)' : ''}`
    if (pause > longestWait || now() + pause > retrying.deadline) {
      notice(`${trouble}; it is not sent again: ${length} is more than there is time for.`)
      if (result.response !== undefined) return result.response
      throw inDoubt(result.error, doubt)
    }
    notice(`${trouble}; it is sent again in ${length}, ${again} of ${policy.times}.`)
    await retrying.wait(pause, signal)
  }
  const last = await settled(send)
  if (last.response !== undefined) return last.response
  throw inDoubt(last.error, doubt)
}

function mayHaveHappened({ response, error }: Settled): boolean {
  if (response !== undefined) return response.status >= 500
  return isPassing(error) && /^(CONNECTION_LOST|TIMED_OUT)$/.test(error.code)
}

function inDoubt(error: unknown, doubt: string | undefined): unknown {
  if (doubt === undefined || !isPassing(error) || !/^(CONNECTION_REFUSED|DNS_FAILED)$/.test(error.code))
    return error
  return new OsrunError('CONNECTION_LOST', phrase`${doubt}; then: ${error.message}`, {
    cause: error,
    hint: error.hint,
  })
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
