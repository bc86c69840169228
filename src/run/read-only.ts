import type { HttpRequest } from '../model/exchange.ts'
import { phrase } from '../model/phrase.ts'
import type { Position } from '../model/problem.ts'
import { OsrunError } from '../model/problem.ts'

/** Refuses a request that could change something; tokens of the Keystones given may be made and revoked. */
export function refuseWrites(request: HttpRequest, identityUrls: readonly string[], at: Position): void {
  if (/^(GET|HEAD|OPTIONS)$/.test(request.method)) return
  const [path] = request.url.split('?')
  if (identityUrls.some((url) => path === `${url}/auth/tokens`)) return
  throw new OsrunError(
    'READ_ONLY',
    phrase`${request.method} may change something, and the run is read-only.`,
    {
      at,
      hint: phrase`Leave --read-only out, or choose recipes that only read: --tag read-only.`,
    },
  )
}
