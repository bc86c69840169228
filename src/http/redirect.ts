import type { HttpRequest, HttpResponse } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { phrase } from '../model/phrase.ts'
import { OsrunError } from '../model/problem.ts'
import { encodeUnwritable } from '../util/request-target.ts'

const redirecting = new Set([301, 302, 303, 307, 308])
const mostHops = 10
const credential =
  /^(x-auth-token|x-subject-token|x-service-token|x-storage-token|authorization|openstack-auth-receipt|cookie)$/i

/**
 * Sends a request and follows its redirects with the same method and body, as OpenStack's clients do.
 * Tokens and other credentials stay behind when the origin changes to one that the catalog does not name.
 */
export async function followRedirects(
  request: HttpRequest,
  send: (request: HttpRequest) => Promise<HttpResponse>,
  mayReceiveToken: (url: string) => boolean,
): Promise<HttpResponse> {
  let current = request
  for (let hop = 0; ; hop++) {
    const response = await send(current)
    const location = headerOf(response.headers, 'Location')
    if (!redirecting.has(response.status) || location === undefined) return response
    if (hop === mostHops)
      throw new OsrunError(
        'TOO_MANY_REDIRECTS',
        phrase`${request.url} was redirected more than ${mostHops} times, lately to ${location}.`,
      )
    current = redirected(current, location, mayReceiveToken)
  }
}

function redirected(
  request: HttpRequest,
  location: string,
  mayReceiveToken: (url: string) => boolean,
): HttpRequest {
  if (!URL.canParse(location, request.url))
    throw new OsrunError('RESPONSE_INVALID', phrase`A redirect leads to "${location}", which is no URL.`)
  const { protocol, origin } = new URL(location, request.url)
  if (!/^https?:$/.test(protocol))
    throw new OsrunError('RESPONSE_INVALID', phrase`A redirect leads to ${protocol}, which is not HTTP.`)
  const url = targetOf(location, request.url)
  const stays = origin === new URL(request.url).origin || mayReceiveToken(url)
  const headers = stays ? request.headers : request.headers.filter(([name]) => !credential.test(name))
  // Whatever the URL is now, the server chose it.
  const { secretPlaces: _places, ...rest } = request
  return { ...rest, url, headers }
}

// A path that is written whole stays as it is, since dot segments are names in an object store.
function targetOf(location: string, base: string): string {
  const written = encodeUnwritable(location)
  if (/^https?:\/\//i.test(written)) return written
  if (/^\/(?!\/)/.test(written)) return new URL(base).origin + written
  return new URL(written, base).href
}
