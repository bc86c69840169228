import type { Cloud } from '../../model/cloud.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Catalog, CatalogEndpoint, CatalogService, Endpoint } from '../../model/token.ts'
import { nearest } from '../../util/text/nearest.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'
import { describeScope } from '../auth/describe-scope.ts'
import { acceptableTypes, officialType, typeOfProject } from './service-types.ts'

/** Which endpoint is wanted. */
export type EndpointWish = {
  /** An official service type or an alias; `_` counts as `-`, and a project's name as its type. */
  readonly service: string
  readonly region: string | undefined
  /** In order of preference; `publicURL` counts as `public`. */
  readonly interfaces: readonly string[]
  readonly serviceName?: string
  /** By official type; `%(project_id)s` and `%(user_id)s` are filled in. */
  readonly overrides?: Readonly<Record<string, string>>
  /** The token's body, for the overrides. */
  readonly token?: Readonly<Record<string, unknown>>
}

/** The endpoint of every service of a cloud without a catalog. */
export function fixedEndpoint(url: string, service: string, region: string | undefined): Endpoint {
  return { url: withoutEndSlashes(url), region, interface: 'public', service, name: '' }
}

type Candidate = { readonly service: CatalogService; readonly endpoint: CatalogEndpoint }

/**
 * Chooses an endpoint by keystoneauth's rules: the first interface of the list that has a match, the exact
 * type before its aliases, the first of several. Names are compared exactly, so that what runs here runs there.
 * Its URL has no slash at its end, whatever the catalog or an override has.
 * https://docs.openstack.org/keystoneauth/latest/api/keystoneauth1.access.service_catalog.html
 */
export function findEndpoint(
  catalog: Catalog | undefined,
  wish: EndpointWish,
): { readonly endpoint: Endpoint; readonly notes: readonly string[] } {
  const notes: string[] = []
  const service = typeInCatalog(wish.service, catalog ?? [], notes)
  const official = officialType(service)
  const { overrides = {} } = wish
  const override = Object.hasOwn(overrides, official) ? overrides[official] : undefined
  if (override !== undefined) {
    const url = filled(override, service, wish.token)
    return {
      endpoint: {
        url: withoutEndSlashes(url),
        region: wish.region,
        interface: interfacesOf(wish)[0] ?? 'public',
        service,
        name: '',
      },
      notes,
    }
  }
  if (catalog === undefined || catalog.length === 0)
    throw new OsrunError('CATALOG_EMPTY', phrase`The service catalog is empty.`, {
      hint: phrase`The token is ${describeScope(wish.token ?? {})}, or was asked for without its catalog. Set OS_PROJECT_NAME or OS_PROJECT_ID; GET /v3/auth/projects lists yours.`,
    })
  const types = acceptableTypes(service)
  const services = types
    .flatMap((type) => catalog.filter((one) => one.type === type))
    .filter(({ name }) => wish.serviceName === undefined || name === '' || name === wish.serviceName)
  const all = services.flatMap((one) =>
    one.endpoints.map((endpoint): Candidate => ({ service: one, endpoint })),
  )
  for (const wanted of interfacesOf(wish)) {
    const found = all.find(
      ({ endpoint }) =>
        endpoint.interface === wanted && (wish.region === undefined || endpoint.region === wish.region),
    )
    if (found === undefined) continue
    const { url, region } = found.endpoint
    if (/[%$]\(/.test(url))
      notes.push(`The catalog of the cloud is broken: the URL ${url} still holds a template.`)
    const { type, name } = found.service
    return {
      endpoint: { url: withoutEndSlashes(url), region, interface: wanted, service: type, name },
      notes,
    }
  }
  throw notFound(catalog, all, { ...wish, service })
}

/**
 * Throws ENDPOINT_NOT_FOUND where no endpoint of a catalog is in the region of the cloud, so that there is none for any recipe. A
 * catalog without regions, and a cloud whose endpoints stand in its configuration, say nothing about it.
 */
export function refuseUnknownRegion({ region, endpointOverrides }: Cloud, catalog: Catalog): void {
  const regions = [
    ...new Set(catalog.flatMap(({ endpoints }) => endpoints.flatMap((one) => one.region ?? []))),
  ]
  if (region === undefined || regions.length === 0 || regions.includes(region)) return
  if (Object.keys(endpointOverrides).length > 0) return
  throw new OsrunError('ENDPOINT_NOT_FOUND', phrase`The catalog has no endpoint in ${region} region.`, {
    hint: `It has the regions ${regions.join(', ')}.${guess(region, regions)}`,
  })
}

/** The type that a wanted one is looked for by: itself where the catalog has it, else with `-`, a project's name as its type. */
export function typeInCatalog(wanted: string, catalog: Catalog, notes: string[] = []): string {
  // A cloud's own type goes by the name that the cloud gave it.
  if (catalog.some(({ type }) => type === wanted)) return wanted
  const type = wanted.replaceAll('_', '-')
  const project = typeOfProject(type)
  if (project === undefined || project === type) return type
  notes.push(`"${wanted}" is the name of a project; its service type is "${project}".`)
  return project
}

function interfacesOf({ interfaces }: EndpointWish): readonly string[] {
  return interfaces.length === 0 ? ['public'] : interfaces.map((name) => name.replace(/URL$/, ''))
}

function filled(url: string, service: string, token: EndpointWish['token']): string {
  return url.replace(/[%$]\((project_id|tenant_id|user_id)\)s/g, (_all, name: string) => {
    const owner = token?.[name === 'user_id' ? 'user' : 'project']
    if (typeof owner === 'object' && owner !== null && 'id' in owner && typeof owner.id === 'string')
      return owner.id
    throw new OsrunError(
      'ENDPOINT_NOT_FOUND',
      phrase`The endpoint override for ${service} needs the ${name}, and the token is ${describeScope(token ?? {})}.`,
    )
  })
}

function notFound(catalog: Catalog, all: readonly Candidate[], wish: EndpointWish): OsrunError {
  const place = wish.region === undefined ? '' : ` in ${wish.region} region`
  const named = wish.serviceName === undefined ? '' : ` named ${wish.serviceName}`
  const message = `${interfacesOf(wish).join(' or ')} endpoint for ${wish.service} service${named}${place} not found.`
  return new OsrunError('ENDPOINT_NOT_FOUND', message, { hint: hintFor(catalog, all, wish) })
}

function hintFor(catalog: Catalog, all: readonly Candidate[], wish: EndpointWish): string {
  if (all.length === 0) {
    const present = catalog.filter(({ type }) => acceptableTypes(wish.service).includes(type))
    const names = [...new Set(present.map(({ name }) => name))]
    if (present.length > 0 && wish.serviceName !== undefined && !names.includes(wish.serviceName))
      return `${wish.service} is there by the name ${names.join(', ')}.${guess(wish.serviceName, names)}`
    if (present.length > 0) return `${wish.service} is in the catalog, but without any endpoint.`
    const types = [...new Set(catalog.map(({ type }) => type))]
    return `The catalog has the services ${types.join(', ')}.${guess(wish.service, types)}`
  }
  const regions = [...new Set(all.flatMap(({ endpoint }) => endpoint.region ?? []))]
  if (wish.region !== undefined && regions.length === 0)
    return `The catalog names no region for ${wish.service}; leave the region out.`
  if (wish.region !== undefined && !regions.includes(wish.region))
    return `${wish.service} is in the regions ${regions.join(', ')}.${guess(wish.region, regions)}`
  const interfaces = [
    ...new Set(
      all
        .filter(({ endpoint }) => wish.region === undefined || endpoint.region === wish.region)
        .map(({ endpoint }) => endpoint.interface),
    ),
  ]
  return `There it has the interfaces ${interfaces.join(', ')}.${guess(interfacesOf(wish)[0] ?? '', interfaces)}`
}

function guess(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === undefined ? '' : ` Did you mean ${near}?`
}
