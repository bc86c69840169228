import { createHmac } from 'node:crypto'
import type { TempUrlGrant } from '../model/temp-url.ts'

/** The digests with which Swift checks signatures; it calls sha1 deprecated. */
export const tempUrlDigests = [
  'sha1',
  'sha256',
  'sha512',
] as const satisfies readonly TempUrlGrant['digest'][]

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
  const [, account, container, object] = /\/v1\/([^/]+)\/([^/]+)\/(.+)$/s.exec(path) ?? []
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
