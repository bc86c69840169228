import type { Credentials } from '../../model/cloud.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'

/**
 * The logins of a suite, by who logs in and where. Until one has gone through, the others wait for it; one that failed is not
 * tried again by another run, since a few wrong passwords lock a user out.
 */
export type Logins = {
  /**
   * Logs in for a run. Throws what `login` throws, and where another run has failed with the same credentials an error of the
   * same code, without a login.
   */
  once<T>(run: string, credentials: Credentials, login: () => Promise<T>): Promise<T>
  /** Whether a run has not logged in since another one had failed to. */
  wasSpared(run: string): boolean
  /** Whether a login is under way or has failed, so that a run that begins now may be spared. */
  isOpen(): boolean
}

type Attempt = { readonly run: string; readonly outcome: Promise<unknown> }

/** Starts with no login. */
export function createLogins(): Logins {
  const proved = new Set<string>()
  const attempts = new Map<string, Attempt>()
  const spared = new Set<string>()
  return {
    wasSpared: (run) => spared.has(run),
    isOpen: () => attempts.size > 0,
    async once(run, credentials, login) {
      if (credentials.kind !== 'keystone') return login()
      const key = JSON.stringify([credentials.authUrl, credentials.methods])
      for (;;) {
        const before = attempts.get(key)
        if (proved.has(key) || before === undefined || before.run === run) break
        const failure = await before.outcome.then(
          () => undefined,
          (error: unknown) => error,
        )
        if (failure !== undefined && attempts.get(key) === before) {
          spared.add(run)
          throw notTried(failure)
        }
      }
      if (proved.has(key)) return login()
      const outcome = login()
      const attempt = { run, outcome }
      attempts.set(key, attempt)
      try {
        const result = await outcome
        proved.add(key)
        return result
      } catch (error) {
        // Of what a run's own time limit or an interrupt ended nothing is known.
        if (!isFinal(error) && attempts.get(key) === attempt) attempts.delete(key)
        throw error
      } finally {
        if (proved.has(key)) attempts.delete(key)
      }
    },
  }
}

const passing: readonly string[] = ['TIMED_OUT', 'DEADLINE_PASSED', 'INTERRUPTED', 'CONNECTION_LOST']

function isFinal(error: unknown): boolean {
  return error instanceof OsrunError && !passing.includes(error.code)
}

function notTried(failure: unknown): unknown {
  if (!(failure instanceof OsrunError)) return failure
  return new OsrunError(
    failure.code,
    phrase`There is no token: the login failed in another recipe, and was not tried again.`,
    { cause: failure },
  )
}
