import { phrase } from '../model/phrase.ts'
import type { Position } from '../model/problem.ts'
import { OsrunError } from '../model/problem.ts'
import { remembered } from '../util/remembered.ts'
import { joinEndpoint } from '../util/url-seam.ts'
import { textOf } from './input.ts'

/**
 * Joins an endpoint and what a recipe writes after it, with exactly one slash between them.
 * An absolute URL stands for itself; the last character stays as the recipe has it.
 */
export function joinUrl(endpoint: string | undefined, url: string, at: Position): string {
  if (/^https?:\/\//i.test(url)) return checked(url, at)
  if (/^[a-z][a-z0-9+.-]*:/i.test(url))
    throw new OsrunError('URL_INVALID', phrase`A request goes to http or https, not to "${url}".`, { at })
  if (endpoint === undefined)
    throw new OsrunError('URL_INVALID', phrase`"${url}" is relative, and no endpoint has been picked.`, {
      at,
      hint: phrase`Put a pick-endpoint before the request, or write the whole URL.`,
    })
  return checked(joinEndpoint(endpoint, url), at)
}

function checked(url: string, at: Position): string {
  if (!isUrl(url)) throw new OsrunError('URL_INVALID', phrase`"${url}" is no URL.`, { at })
  return url
}

const isUrl = remembered((text) => URL.canParse(text))

/** Adds names and values to a URL's query, percent-encoded, before any fragment; a list repeats its name, a mapping is JSON. */
export function withQuery(url: string, query: Readonly<Record<string, unknown>>): string {
  const pairs: string[] = []
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value])
      pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(textOf(one))}`)
  if (pairs.length === 0) return url
  const hash = url.indexOf('#')
  const [start, fragment] = hash < 0 ? [url, ''] : [url.slice(0, hash), url.slice(hash)]
  return `${start}${start.includes('?') ? '&' : '?'}${pairs.join('&')}${fragment}`
}
