import { checkRequest } from '../../http/check-request.ts'
import { headerOf } from '../../model/exchange.ts'
import type { Link } from './link.ts'

/** Says who sends a request, unless the request says so itself; refuses one that is none of HTTP. */
export function identify(userAgent: string): Link {
  const header = ['User-Agent', userAgent] as const
  return (next) => async (request, details) => {
    // What is refused is no exchange, and has no curl line: pasted, a line break in a header would become two of them.
    checkRequest(request)
    if (headerOf(request.headers, 'User-Agent') !== undefined) return next(request, details)
    return next({ ...request, headers: [...request.headers, header] }, details)
  }
}
