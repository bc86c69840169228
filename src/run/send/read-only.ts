import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { TokenKeeper } from '../tokens/token-keeper.ts'
import { type Link, pass } from './link.ts'

/** Refuses a request that could change something; tokens of the known Keystones may be made and revoked. */
export function refuseWrites(isReadOnly: boolean, keeper: TokenKeeper): Link {
  if (!isReadOnly) return pass
  const isOfToken = (url: string): boolean => {
    const [path] = url.split('?')
    return keeper.tokens.some(({ identityUrl }) => path === `${identityUrl}/auth/tokens`)
  }
  return (next) => async (request, details) => {
    const { method, url } = request
    if (details.isForToken === true || /^(GET|HEAD|OPTIONS)$/.test(method) || isOfToken(url))
      return next(request, details)
    throw new OsrunError('READ_ONLY', phrase`${method} may change something, and the run is read-only.`, {
      at: details.errand.step?.at,
      hint: phrase`Leave --read-only out, or choose recipes that only read: --tag read-only.`,
    })
  }
}
