import type { HttpRequest, HttpResponse } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { phrase } from '../model/phrase.ts'
import { OsrunError } from '../model/problem.ts'
import { encodeUnwritable } from '../util/request-target.ts'
import { isSecretName } from '../util/secret-names.ts'

/** Who may have what, and who is told of what another origin does not get. */
export type RedirectOptions = {
  mayReceiveToken(url: string): boolean
  /** Gets a sentence with the names of headers, not their values, and the other origin. */
  onStray?(message: string, origin: string): void
}

const redirecting = new Set([301, 302, 303, 307, 308])
const mostHops = 10

/**
 * Sends a request and follows its redirects with the same method and body, as OpenStack's clients do.
 * Where the origin changes to one that the catalog does not name, each header that is a secret by its name stays behind.
 * A body is not sent there: nobody chose that server, and what of the body is secret only its sender knows.
 *
 * @throws OsrunError TOO_MANY_REDIRECTS, RESPONSE_INVALID, or URL_INVALID for a body that would go to such an origin
 */
export async function followRedirects(
  request: HttpRequest,
  send: (request: HttpRequest) => Promise<HttpResponse>,
  redirect: RedirectOptions,
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
    current = redirected(current, location, redirect)
  }
}

function redirected(request: HttpRequest, location: string, redirect: RedirectOptions): HttpRequest {
  if (!URL.canParse(location, request.url))
    throw new OsrunError('RESPONSE_INVALID', phrase`A redirect leads to "${location}", which is no URL.`)
  const { protocol, origin, hostname } = new URL(location, request.url)
  if (!/^https?:$/.test(protocol))
    throw new OsrunError('RESPONSE_INVALID', phrase`A redirect leads to ${protocol}, which is not HTTP.`)
  const url = targetOf(location, request.url)
  const stays = origin === new URL(request.url).origin || redirect.mayReceiveToken(url)
  const all = stays ? request.headers : strayedHeaders(request, origin, redirect)
  // As for curl, a Host that was given is that of the first server alone.
  const headers =
    hostname === new URL(request.url).hostname ? all : all.filter(([name]) => !/^host$/i.test(name))
  // Whatever the URL is now, the server chose it.
  const { secretPlaces: _places, ...rest } = request
  return { ...rest, url, headers }
}

function strayedHeaders(
  { url, headers, body }: HttpRequest,
  origin: string,
  redirect: RedirectOptions,
): HttpRequest['headers'] {
  if (body !== undefined && !(body.kind === 'text' && body.text === ''))
    throw new OsrunError(
      'URL_INVALID',
      phrase`${url} redirects to ${origin}, which is not in the catalog, so it gets no body.`,
      { hint: phrase`Send the request to ${origin} itself if that server is to have it.` },
    )
  const left = headers.filter(([name]) => isSecretName(name)).map(([name]) => name)
  if (left.length > 0)
    redirect.onStray?.(
      `${new URL(url).origin} redirects to ${origin}, which is not in the catalog, so it gets no ${left.join(', ')}.`,
      origin,
    )
  return headers.filter(([name]) => !isSecretName(name))
}

// A path that is written whole stays as it is, since dot segments are names in an object store.
function targetOf(location: string, base: string): string {
  const written = encodeUnwritable(location)
  if (/^https?:\/\//i.test(written)) return written
  if (/^\/(?!\/)/.test(written)) return new URL(base).origin + written
  return new URL(written, base).href
}
