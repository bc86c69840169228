import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'
import { combineLink, parseVersionDocument } from '../versions/version-document.ts'

/**
 * The URL that ends in `/v3`. One that does so already is taken without asking; else Keystone's discovery
 * document is asked for it, and where there is none, `/v3` is appended.
 * https://docs.openstack.org/api-ref/identity/v3/#list-versions
 */
export async function findIdentityUrl(
  authUrl: string,
  send: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<string> {
  const base = withoutEndSlashes(authUrl.trim())
  if (/\/v3$/.test(base)) return base
  const withoutVersion = base.replace(/\/v2\.0$/, '')
  const url = withoutVersion.includes('/', withoutVersion.indexOf('//') + 2)
    ? withoutVersion
    : `${withoutVersion}/`
  const response = await send({ method: 'GET', url, headers: [['Accept', 'application/json']] })
  const link = selfLink(response)
  const found = link === undefined ? '' : withoutEndSlashes(combineLink(withoutVersion, link))
  return found.endsWith('/v3') ? found : `${withoutVersion}/v3`
}

function selfLink(response: HttpResponse): string | undefined {
  return parseVersionDocument(response)?.find(({ number: [major] }) => major === 3)?.href
}
