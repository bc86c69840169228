import type { HeaderList, HttpRequest, HttpResponse } from '../../model/exchange.ts'
import type { VersionedUrl } from './choose-version.ts'
import { discoveryUrls } from './choose-version.ts'
import type { ApiVersion } from './version-document.ts'
import { parseVersionDocument } from './version-document.ts'

/** The versions that a service tells of. */
export type FoundVersions = {
  /** Where the document was found; undefined when there is none. */
  readonly url: string | undefined
  readonly versions: readonly ApiVersion[]
  /** What was asked, with the status of each answer. */
  readonly tried: readonly string[]
}

/**
 * Looks for the document of versions of a catalog's URL. It is asked for without credentials first, and with them where
 * the service refuses that.
 * https://docs.openstack.org/keystoneauth/latest/using-sessions.html
 */
export async function findVersions(
  own: VersionedUrl,
  send: (request: HttpRequest) => Promise<HttpResponse>,
  credentials: () => HeaderList,
): Promise<FoundVersions> {
  const tried: string[] = []
  for (const url of discoveryUrls(own)) {
    const request = { method: 'GET', url, headers: [['Accept', 'application/json']] as const }
    let response = await send(request)
    const extra = response.status === 401 ? credentials() : []
    if (extra.length > 0) response = await send({ ...request, headers: [...request.headers, ...extra] })
    tried.push(`${url} (${response.status})`)
    const versions = parseVersionDocument(response) ?? []
    if (versions.length > 0) return { url, versions, tried }
  }
  return { url: undefined, versions: [], tried }
}

/** A version in words: `2.1 (CURRENT, microversions 2.1 to 2.90)`. */
export function describeVersion({ number, status, href, microversions }: ApiVersion): string {
  const words = [
    status === '' ? 'no status' : status,
    ...(href === undefined ? ['no link'] : []),
    ...(microversions ? [`microversions ${microversions.least} to ${microversions.greatest}`] : []),
  ]
  return `${number.join('.')} (${words.join(', ')})`
}
