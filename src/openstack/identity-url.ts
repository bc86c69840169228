import type { HttpRequest, HttpResponse } from '../model/exchange.ts'
import { toProblem } from '../model/problem.ts'

/**
 * The URL that ends in `/v3`. One that does so already is taken without asking; else Keystone's discovery
 * document is asked for it, and where there is none, `/v3` is appended.
 * https://docs.openstack.org/api-ref/identity/v3/#list-versions
 */
export async function findIdentityUrl(
  authUrl: string,
  send: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<string> {
  const base = authUrl.trim().replace(/\/+$/, '')
  if (/\/v3$/.test(base)) return base
  const withoutVersion = base.replace(/\/v2\.0$/, '')
  const url = withoutVersion.includes('/', withoutVersion.indexOf('//') + 2)
    ? withoutVersion
    : `${withoutVersion}/`
  const response = await send({ method: 'GET', url, headers: [['Accept', 'application/json']] })
  const link = response.status === 200 || response.status === 300 ? selfLink(response) : undefined
  const found = link === undefined ? '' : combineLink(withoutVersion, link).replace(/\/+$/, '')
  return found.endsWith('/v3') ? found : `${withoutVersion}/v3`
}

/**
 * A link of a discovery document seen from where the document was found: scheme and host stay those that
 * the user gave, since a service behind a proxy often names itself otherwise.
 */
function combineLink(found: string, href: string): string {
  const folder = `${found.replace(/\/+$/, '')}/`
  if (!URL.canParse(href, folder)) return found
  const base = new URL(found)
  const link = new URL(href, folder)
  if (link.host === base.host) return `${base.origin}${link.pathname}`
  const last = link.pathname.split('/').findLast((part) => part !== '') ?? 'v3'
  const path = base.pathname.replace(/\/+$/, '')
  return path.endsWith(`/${last}`) ? `${base.origin}${path}` : `${base.origin}${path}/${last}/`
}

function selfLink(response: HttpResponse): string | undefined {
  try {
    const document = JSON.parse(new TextDecoder().decode(response.body)) as {
      readonly version?: Version
      readonly versions?: { readonly values?: readonly Version[] } | readonly Version[]
    }
    const listed = Array.isArray(document.versions)
      ? document.versions
      : ((document.versions as { readonly values?: readonly Version[] } | undefined)?.values ?? [])
    const version = [document.version, ...(listed as readonly Version[])].find((one) =>
      /^v3(\.|$)/.test(String(one?.id)),
    )
    const href = version?.links?.find(({ rel }) => rel === 'self')?.href
    return typeof href === 'string' ? href : undefined
  } catch (error) {
    // A web page or another program answers there: the rule about /v3 decides, and its failure is told.
    void toProblem(error)
    return undefined
  }
}

type Version = {
  readonly id?: unknown
  readonly links?: readonly { readonly rel?: unknown; readonly href?: unknown }[]
}
