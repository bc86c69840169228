import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

/** What a request has to show before a server of a page listens to it. */
export type GuardedRequest = {
  readonly method: string
  readonly headers: IncomingHttpHeaders
}

/** Why a request is refused: an HTTP status and a sentence. */
export type Refusal = { readonly status: number; readonly text: string }

/**
 * Why a request does not come from the server's own page: its Host is a name that somebody else's DNS may lead here (DNS
 * rebinding), or a browser says that another site sent it. Undefined where nothing speaks against it.
 * https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/
 */
export function refusalOf({ method, headers }: GuardedRequest, port: number): Refusal | undefined {
  const { host = '', origin } = headers
  if (!isOwnHost(host, port))
    return { status: 421, text: 'This server answers to its address alone, and to localhost.' }
  const site = headers['sec-fetch-site']
  const isForeign =
    (origin !== undefined && origin !== `http://${host}`) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  if (isForeign && !isNavigation(method, headers))
    return { status: 403, text: 'Another site may not ask this server.' }
  return undefined
}

/** Whether two secrets are the same, in a time that says nothing of where they differ. */
export function isSameSecret(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash('sha256').update(text).digest())
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}

// A name could be anybody's; an address cannot be rebound.
function isOwnHost(host: string, port: number): boolean {
  const [, name = '', given = '80'] = /^(.*?)(?::(\d+))?$/.exec(host) ?? []
  if (Number(given) !== port) return false
  return name === 'localhost' || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0
}

// A link from elsewhere, such as a chat, only opens the page.
function isNavigation(method: string, headers: IncomingHttpHeaders): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers.origin === undefined
}
