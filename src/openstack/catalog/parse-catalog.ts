import type { Catalog, CatalogEndpoint, CatalogService } from '../../model/token.ts'

/** A catalog as Keystone sends it; what lacks a type or a URL is left out. */
export function parseCatalog(value: unknown): Catalog {
  return list(value).flatMap((service): CatalogService[] => {
    const { id, type, name, endpoints } = fields(service)
    if (typeof type !== 'string' || type === '') return []
    return [{ id: text(id), type, name: text(name), endpoints: list(endpoints).flatMap(parseEndpoint) }]
  })
}

function parseEndpoint(value: unknown): readonly CatalogEndpoint[] {
  const endpoint = fields(value)
  if (typeof endpoint.url !== 'string' || endpoint.url === '') return []
  const region = text(endpoint.region_id) || text(endpoint.region) || undefined
  return [{ id: text(endpoint.id), interface: text(endpoint.interface), region, url: endpoint.url }]
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
