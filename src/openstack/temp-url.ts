import { createHmac } from 'node:crypto'

/** The digests with which Swift checks signatures; it calls sha1 deprecated. */
export const tempUrlDigests = ['sha1', 'sha256', 'sha512'] as const

/** What is granted to whoever has the URL. */
export type TempUrlGrant = {
  /** The URL of an object, percent-encoded; a query that it has stays. */
  readonly url: string
  /** In capitals; GET, PUT and POST allow HEAD too. */
  readonly method: string
  readonly key: string
  /** Seconds since 1970. */
  readonly expires: number
  readonly digest: (typeof tempUrlDigests)[number]
  /** Grants every object whose name starts so; the URL's own must. */
  readonly prefix?: string
  /** An address or a network, such as `192.0.2.0/24`. */
  readonly ipRange?: string
}

/**
 * Makes a temporary URL, and tells its signature; undefined when the URL is not that of an object.
 * https://docs.openstack.org/swift/latest/api/temporary_url_middleware.html
 */
export function tempUrl(
  grant: TempUrlGrant,
): { readonly url: string; readonly signature: string } | undefined {
  const { url, method, key, expires, digest, prefix, ipRange } = grant
  const [, path = ''] = /^https?:\/\/[^/?#]+([^?#]*)/i.exec(url) ?? []
  // What stands before the version, as behind a gateway, is not signed.
  const [, account, container, object] = /\/v1\/([^/]+)\/([^/]+)\/(.+)$/.exec(path) ?? []
  const names = [account, container, object].map((name) => decoded(name ?? ''))
  if (names.some((name) => name === undefined || name === '')) return undefined
  const [inAccount = '', inContainer = '', name = ''] = names
  if (prefix !== undefined && !name.startsWith(prefix)) return undefined
  const root = `${prefix === undefined ? '' : 'prefix:'}/v1/${inAccount}/${inContainer}/`
  const words = [
    ...(ipRange === undefined ? [] : [`ip=${ipRange}`]),
    method,
    String(expires),
    `${root}${prefix ?? name}`,
  ]
  const signature = createHmac(digest, key).update(words.join('\n')).digest('hex')
  const query = [
    `temp_url_sig=${signature}`,
    `temp_url_expires=${expires}`,
    ...(prefix === undefined ? [] : [`temp_url_prefix=${encodeURIComponent(prefix)}`]),
    ...(ipRange === undefined ? [] : [`temp_url_ip_range=${encodeURIComponent(ipRange)}`]),
  ].join('&')
  return { url: `${url}${url.includes('?') ? '&' : '?'}${query}`, signature }
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name)
  } catch {
    return undefined
  }
}
