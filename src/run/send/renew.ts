import type { HttpRequest } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { toProblem } from '../../model/problem.ts'
import type { KeptToken, TokenKeeper } from '../tokens/token-keeper.ts'
import type { Errand, Link } from './link.ts'

/**
 * Lets a request go with a token that is good: one near its end is renewed before, one that meets a 401 is renewed
 * once and the request sent again; the second answer stands. `expects401` switches the latter off.
 */
export function renewTokens(keeper: TokenKeeper): Link {
  return (next) => async (request, details) => {
    const { errand } = details
    if (errand.renew === undefined || details.isForToken === true) return next(request, details)
    const kept = keeper.find(headerOf(request.headers, 'X-Auth-Token'))
    if (kept === undefined || (kept.state !== 'live' && kept.state !== 'shared'))
      return next(request, details)
    // A question about the token itself, or its revocation, means that token and no newer one.
    if (headerOf(request.headers, 'X-Subject-Token') === kept.id) return next(request, details)
    let current = request
    let renewed = false
    if (keeper.isDue(kept)) {
      current = await swapped(request, kept, errand)
      renewed = current !== request
    }
    let strayed = false
    const onStray = (origin: string): void => {
      strayed = true
      details.onStray?.(origin)
    }
    const response = await next(current, { ...details, onStray })
    // Who was sent no token has not refused it.
    if (strayed) return response
    if (response.status !== 401 || details.expects401 === true || renewed || !keeper.isRenewable(kept))
      return response
    current = await swapped(request, kept, errand)
    return current === request ? response : next(current, details)
  }
}

async function swapped(request: HttpRequest, kept: KeptToken, errand: Errand): Promise<HttpRequest> {
  try {
    const issued = await errand.renew?.(kept)
    if (issued === undefined) return request
    const headers = request.headers.map(
      ([name, value]) => [name, value === kept.id ? issued.token.id : value] as const,
    )
    return { ...request, headers }
  } catch (error) {
    errand.notice(`The token could not be renewed: ${toProblem(error).message}`, 'warning')
    return request
  }
}
