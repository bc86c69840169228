import type { HttpRequest, HttpResponse } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { toProblem } from '../model/problem.ts'
import type { IssuedToken } from '../model/step.ts'
import type { KeptToken, TokenKeeper } from './token-keeper.ts'

/** What renewing a token needs of the run or session around it. */
export type Renewal = {
  readonly keeper: TokenKeeper
  send(request: HttpRequest): Promise<HttpResponse>
  /** Authenticates again as before, or takes a newer token that somebody else got; it becomes the current one. */
  renew(kept: KeptToken): Promise<IssuedToken>
  notice(message: string, level: 'info' | 'warning'): void
}

/**
 * Sends with a token that is good: one near its end is renewed before, one that meets a 401 is renewed
 * once and the request sent again; the second answer stands. `expects401` switches the latter off.
 */
export async function sendRenewing(
  request: HttpRequest,
  expects401: boolean,
  renewal: Renewal,
): Promise<HttpResponse> {
  const { keeper } = renewal
  const id = headerOf(request.headers, 'X-Auth-Token')
  const kept = keeper.find(id)
  if (kept === undefined || (kept.state !== 'live' && kept.state !== 'shared')) return renewal.send(request)
  // A question about the token itself, or its revocation, means that token and no newer one.
  if (headerOf(request.headers, 'X-Subject-Token') === kept.id) return renewal.send(request)
  let current = request
  let renewed = false
  if (keeper.isDue(kept)) {
    current = await swapped(request, kept, renewal)
    renewed = current !== request
  }
  const response = await renewal.send(current)
  if (response.status !== 401 || expects401 || renewed || !keeper.isRenewable(kept)) return response
  current = await swapped(request, kept, renewal)
  return current === request ? response : renewal.send(current)
}

async function swapped(request: HttpRequest, kept: KeptToken, renewal: Renewal): Promise<HttpRequest> {
  try {
    const { token } = await renewal.renew(kept)
    const headers = request.headers.map(
      ([name, value]) => [name, value === kept.id ? token.id : value] as const,
    )
    return { ...request, headers }
  } catch (error) {
    renewal.notice(`The token could not be renewed: ${toProblem(error).message}`, 'warning')
    return request
  }
}
