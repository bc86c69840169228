import { followRedirects } from '../../http/redirect.ts'
import type { TokenKeeper } from '../token-keeper.ts'
import type { Link } from './link.ts'

/** Follows the redirects of a request that says so; its token goes along where the catalog has the origin. */
export function redirect({ mayReceiveToken }: TokenKeeper): Link {
  return (next) => (request, details) =>
    details.redirect === true
      ? followRedirects(request, (asked) => next(asked, details), {
          mayReceiveToken,
          onStray: (message) => details.errand.notice(message, 'warning'),
        })
      : next(request, details)
}
