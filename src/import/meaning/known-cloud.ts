import type { Cloud } from '../../model/cloud.ts'
import type { CatalogEndpoint, Token } from '../../model/token.ts'
import { findEndpoint } from '../../openstack/catalog/endpoint.ts'
import { officialType } from '../../openstack/catalog/service-types.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'

/** A cloud that has been asked: what it is, and a token with its catalog. */
export type KnownCloud = { readonly cloud: Cloud; readonly token: Token }

/** Where a URL belongs in a catalog, and what `pick-endpoint` has to say to get there. */
export type CatalogPlace = {
  readonly base: string
  readonly pick: { readonly service: string; readonly region?: string; readonly interface?: string }
}

/** The longest endpoint of the catalog that a URL is under; undefined when it is under none. */
export function placeInCatalog(url: string, { cloud, token }: KnownCloud): CatalogPlace | undefined {
  let best: { readonly type: string; readonly endpoint: CatalogEndpoint } | undefined
  for (const { type, endpoints } of token.catalog ?? [])
    for (const endpoint of endpoints)
      if (isUnder(url, endpoint.url) && endpoint.url.length > (best?.endpoint.url.length ?? 0))
        best = { type, endpoint }
  if (best === undefined) return undefined
  const { endpoint, type } = best
  const service = officialType(type)
  const wish = {
    service,
    region: cloud.region,
    interfaces: cloud.interfaces,
    overrides: cloud.endpointOverrides,
  }
  const isOwn = findsTheSame(() => findEndpoint(token.catalog, { ...wish, token: token.body }).endpoint.url)
  const base = withoutEndSlashes(endpoint.url)
  if (isOwn(base)) return { base, pick: { service } }
  return {
    base,
    pick: {
      service,
      ...(endpoint.region !== undefined && endpoint.region !== cloud.region && { region: endpoint.region }),
      ...(endpoint.interface !== cloud.interfaces[0] && { interface: endpoint.interface }),
    },
  }
}

/** Whether a URL is a base or lies below it. */
export function isUnder(url: string, base: string): boolean {
  const trimmed = withoutEndSlashes(base)
  return trimmed !== '' && url.startsWith(trimmed) && /^($|[/?])/.test(url.slice(trimmed.length))
}

// The cloud's own region and interface may have no such service; then both have to be said.
function findsTheSame(find: () => string): (url: string) => boolean {
  try {
    const own = find()
    return (url) => url === own
  } catch {
    return () => false
  }
}
