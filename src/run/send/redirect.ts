import { followRedirects } from '../../http/redirect.ts'
import { headerOf } from '../../model/exchange.ts'
import type { TokenKeeper } from '../tokens/token-keeper.ts'
import type { Link } from './link.ts'

/** Follows the redirects of a request that says so; its token goes along where its own cloud has the origin. */
export function redirect(keeper: TokenKeeper): Link {
  return (next) => (request, details) => {
    if (details.redirect !== true) return next(request, details)
    const token = headerOf(request.headers, 'X-Auth-Token')
    return followRedirects(request, (asked) => next(asked, details), {
      mayReceiveToken: (url) => keeper.mayReceiveToken(url, token),
      onStray(message, origin) {
        details.errand.notice(message, 'warning')
        details.onStray?.(origin)
      },
    })
  }
}
