import { createHash } from 'node:crypto'
import type { Scope } from './identity/credentials.ts'
import type { Identity } from './identity/identity.ts'
import type { Endpoint, Service } from './service.ts'

/** What a catalog is for: of a project its id. */
export type CatalogScope =
  | { readonly kind: 'project'; readonly project: { readonly id: string } }
  | Exclude<Scope, { readonly kind: 'project' }>

/** The two regions: where their object stores begin. */
export const regions = [
  { name: 'RegionOne', swift: '' },
  { name: 'RegionTwo', swift: '/region-two' },
] as const

/** The catalog of a scope. As in the real one, what needs a project is missing without one. */
export function catalogOf(
  scope: CatalogScope,
  { base, faults }: Pick<Identity, 'base' | 'faults'>,
): readonly Service[] {
  const inside = base.replace('127.0.0.1', 'localhost')
  const identity = regions.flatMap(({ name }) => [
    endpoint('identity', name, 'public', `${base}/identity/v3`),
    endpoint('identity', name, 'internal', `${inside}/identity/v3`),
    endpoint('identity', name, 'admin', `${base}/identity/v3`),
  ])
  const objects = regions.flatMap(({ name, swift }) => {
    const admin = endpoint('object-store', name, 'admin', `${base}${swift}`)
    if (scope.kind !== 'project') return [admin]
    const account = `${swift}/v1/AUTH_${scope.project.id}`
    return [
      endpoint('object-store', name, 'public', `${base}${account}`),
      endpoint('object-store', name, 'internal', `${inside}${account}`),
      admin,
    ]
  })
  return faults.catalog([
    { endpoints: identity, id: idOf('identity'), type: 'identity', name: 'keystone' },
    { endpoints: objects, id: idOf('object-store'), type: 'object-store', name: 'swift' },
  ])
}

function endpoint(service: string, region: string, side: string, url: string): Endpoint {
  return { id: idOf(`${service} ${region} ${side}`), interface: side, region_id: region, url, region }
}

// Ids that stay the same make recordings of two runs comparable.
function idOf(text: string): string {
  const id = ids.get(text) ?? createHash('md5').update(text).digest('hex')
  ids.set(text, id)
  return id
}

const ids = new Map<string, string>()
