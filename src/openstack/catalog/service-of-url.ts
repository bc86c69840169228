import type { Token } from '../../model/token.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'
import { officialType } from './service-types.ts'

/** Where a URL is: the official type of the service that the token's catalog has there, and what follows its endpoint. */
export type UrlService = { readonly service: string; readonly rest: string }

/** Finds the endpoint that a URL is below, the longest of several; Keystone's own URL counts as one. */
export function serviceOfUrl(token: Token, url: string): UrlService | undefined {
  const endpoints = (token.catalog ?? []).flatMap(({ type, endpoints: all }) =>
    all.map((endpoint) => ({ type, base: withoutEndSlashes(endpoint.url) })),
  )
  endpoints.push({ type: 'identity', base: token.identityUrl })
  const [found] = endpoints
    .filter(({ base }) => base !== '' && url.startsWith(`${base}/`))
    .sort((one, other) => other.base.length - one.base.length)
  return found && { service: officialType(found.type), rest: url.slice(found.base.length + 1) }
}
