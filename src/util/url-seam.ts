import { withoutEndSlashes } from './text/text-end.ts'

/**
 * Joins the URL of an endpoint and what is written after it with exactly one slash, whatever both have: a catalog may register
 * its URLs with a slash at their end. A query or a fragment follows at once; slashes further right are names.
 */
export function joinEndpoint(endpoint: string, rest: string): string {
  const base = withoutEndSlashes(endpoint)
  return rest === '' || /^[?#]/.test(rest) ? base + rest : `${base}/${rest.replace(/^\/+/, '')}`
}

/** Joins a URL that a value holds and the text after it: what both have a slash for gets one. */
export function joinStart(start: string, rest: string): string {
  const isSeam = rest.startsWith('/') && /^https?:\/\/[^?#]*$/i.test(start)
  return (isSeam ? withoutEndSlashes(start) : start) + rest
}
