import type { HttpRequest } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { withoutQuery } from './resource.ts'

/**
 * The URL of what a request to an object store creates; `rest` is what follows the account in the request's URL, without
 * its query. Of an archive that is unpacked only the container is known, and that only where the URL has it. Undefined for
 * a request that creates nothing.
 * https://docs.openstack.org/api-ref/object-store/ https://docs.openstack.org/swift/latest/api/bulk-upload.html
 */
export function storedUrl({ method, url, headers }: HttpRequest, rest: string): string | undefined {
  if (rest === '') return undefined
  const path = withoutQuery(url)
  const account = path.slice(0, path.length - rest.length)
  if (method === 'COPY') return copiedTo(account, headers)
  if (method !== 'PUT') return undefined
  return /[?&]extract-archive=/.test(url) ? `${account}${rest.replace(/\/.*$/s, '')}` : path
}

// As in its URL, percent-encoded, with or without a slash before it.
function copiedTo(account: string, headers: HttpRequest['headers']): string | undefined {
  const target = headerOf(headers, 'Destination')?.replace(/^\/+/, '')
  if (target === undefined || target === '') return undefined
  const other = headerOf(headers, 'Destination-Account')
  const folder = account.slice(0, account.lastIndexOf('/', account.length - 2) + 1)
  return `${other === undefined ? account : `${folder}${other}/`}${target}`
}
