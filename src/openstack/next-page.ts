import type { HeaderList } from '../model/exchange.ts'
import type { DataPath } from '../model/recipe.ts'
import { valueAt } from '../util/data-path.ts'

/** One page of a list: what was asked, and what came. */
export type Page = {
  readonly url: string
  readonly headers: HeaderList
  /** The body's JSON. */
  readonly document: unknown
  /** Where in it the list stands; empty for a body that is the list. */
  readonly path: DataPath
}

/** The places of the lists in a body that may be what it is about: itself, or those under its first keys but for links. */
export function listPaths(document: unknown): readonly DataPath[] {
  if (Array.isArray(document)) return [[]]
  if (!isMapping(document)) return []
  return Object.entries(document).flatMap(([key, value]) =>
    Array.isArray(value) && !isLinks(key) ? [[key]] : [],
  )
}

/**
 * The URL of the page after this one; undefined after the last. Only the query is taken from a link: links carry the
 * service's own idea of scheme and host, such as http behind a proxy that ends TLS. Styles:
 * Nova, Neutron, Cinder, Octavia `servers_links`; Keystone, Designate `links.next`; Glance, Barbican, Ironic `next`;
 * the header `Link`; Swift's marker, which is the last name; Heat's, which is the last id of a page that is full.
 * https://specs.openstack.org/openstack/api-sig/guidelines/pagination_filter_sort.html
 */
export function nextPageUrl(page: Page): string | undefined {
  const items = valueAt(page.document, page.path)
  const last: unknown = Array.isArray(items) ? items.at(-1) : undefined
  if (!Array.isArray(items) || last === undefined) return undefined
  const link = linkIn(page)
  if (link !== undefined) return withQueryOf(page.url, link)
  const marker = page.path.length === 0 ? nameOf(last) : idAfterFullPage(page.url, items)
  return marker === undefined ? undefined : withQueryOf(page.url, `?marker=${encodeURIComponent(marker)}`)
}

/** A body with this list instead of its own, and without the links that lead to another page. */
export function withWholeList(document: unknown, path: DataPath, items: readonly unknown[]): unknown {
  const [key, ...rest] = path
  if (key === undefined || !isMapping(document)) return items
  return Object.fromEntries(
    Object.entries(document).flatMap(([name, value]): [string, unknown][] => {
      if (name === key) return [[name, withWholeList(value, rest, items)]]
      if (name === 'next' && typeof value === 'string') return []
      if (!isLinks(name)) return [[name, value]]
      if (Array.isArray(value)) return [[name, value.filter((one) => !isNext(one))]]
      return [[name, isMapping(value) && 'next' in value ? { ...value, next: null } : value]]
    }),
  )
}

function linkIn({ document, path, headers }: Page): string | undefined {
  const parent = valueAt(document, path.slice(0, -1))
  for (const place of [parent, document]) {
    if (!isMapping(place)) continue
    for (const [key, value] of Object.entries(place)) {
      const found =
        key === 'next'
          ? value
          : !isLinks(key)
            ? undefined
            : Array.isArray(value)
              ? value.find(isNext)?.href
              : next(value)
      if (typeof found === 'string' && found !== '') return found
    }
  }
  for (const [name, value] of headers) {
    if (name.toLowerCase() !== 'link') continue
    const found = /<([^<>]*)>[^,<>]*;\s*rel="?next\b/i.exec(value)?.[1]
    if (found !== undefined) return found
  }
  return undefined
}

/** What a link asks for, asked of the URL: its names replace those of the same name, the others stay. */
function withQueryOf(url: string, link: string): string {
  const [, query = ''] = /^[^?#]*\?([^#]*)/.exec(link) ?? []
  const wanted = [...new URLSearchParams(query)]
  const names = new Set(wanted.map(([name]) => name))
  const [, base = '', own = ''] = /^([^?#]*)\??([^#]*)/.exec(url) ?? []
  const kept = own.split('&').filter((pair) => pair !== '' && !names.has(decodedName(pair)))
  const added = wanted.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  return [base, [...kept, ...added].join('&')].filter((part) => part !== '').join('?')
}

function decodedName(pair: string): string {
  const [[name = ''] = []] = [...new URLSearchParams(pair)]
  return name
}

function nameOf(item: unknown): string | undefined {
  if (!isMapping(item)) return undefined
  const name = item.name ?? item.subdir
  return typeof name === 'string' ? name : undefined
}

// Without a link nothing but a full page says that there may be more.
function idAfterFullPage(url: string, items: readonly unknown[]): string | undefined {
  const limit = new URLSearchParams(url.split('#')[0]?.split('?')[1] ?? '').get('limit')
  const last = items.at(-1)
  if (limit === null || Number(limit) !== items.length || !isMapping(last)) return undefined
  return typeof last.id === 'string' ? last.id : undefined
}

function next(value: unknown): unknown {
  return isMapping(value) ? value.next : undefined
}

function isNext(link: unknown): boolean {
  return isMapping(link) && link.rel === 'next'
}

function isLinks(key: string): boolean {
  return key === 'links' || key.endsWith('_links')
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
