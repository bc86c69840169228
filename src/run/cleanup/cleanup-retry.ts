import type { RetryPolicy } from '../../model/recipe.ts'
import type { Details, Errand } from '../send/link.ts'
import { type Wait, wait } from '../wait.ts'

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

type CleanupParts = Pick<Errand, 'notice'> & {
  /** The id of the step that tells of it; empty where there is none. */
  readonly id?: string
  /** Milliseconds for all requests together; 30 seconds unless given. */
  readonly timeout: number | undefined
  /** Stops at once. */
  readonly abort?: AbortSignal | undefined
  readonly random?: (() => number) | undefined
  readonly wait?: Wait | undefined
  now(): number
}

/** What goes along with requests that revoke tokens after the runs have ended, as `cleanupRetry` says. Their time begins now. */
export function cleanupDetails({ timeout = 30_000, abort, now, ...given }: CleanupParts): Details {
  const deadline = AbortSignal.timeout(timeout)
  const signal = abort === undefined ? deadline : AbortSignal.any([deadline, abort])
  const retrying = {
    policy: cleanupRetry,
    signal,
    deadline: now() + timeout,
    random: given.random ?? Math.random,
    wait: given.wait ?? wait,
    now,
  }
  return { errand: { id: given.id ?? '', retrying, notice: given.notice }, signal, isForToken: true }
}
