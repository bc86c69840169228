import type { HeaderList } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { namesOfType, officialType, typeOfProject } from '../catalog/service-types.ts'

/** A microversion of a service: `latest`, or major and minor as they are written, so that 2.90 is not 2.9. */
export type Microversion = {
  /** The official service type; undefined when the text names none. */
  readonly service: string | undefined
  readonly version: string
}

/** The headers that ask a service for a microversion. */
type VersionHeaders = {
  /** What the service is called in `OpenStack-API-Version`. */
  readonly name: string
  /** The service's own header from before that one; its older releases know no other. */
  readonly older?: string
}

/** The services with microversions, by official type: https://specs.openstack.org/openstack/api-sig/guidelines/microversion_specification.html */
const services: Readonly<Record<string, VersionHeaders>> = {
  accelerator: { name: 'accelerator' },
  'application-container': { name: 'container' },
  baremetal: { name: 'baremetal', older: 'X-OpenStack-Ironic-API-Version' },
  'baremetal-introspection': {
    name: 'baremetal-introspection',
    older: 'X-OpenStack-Ironic-Inspector-API-Version',
  },
  'block-storage': { name: 'volume' },
  clustering: { name: 'clustering' },
  compute: { name: 'compute', older: 'X-OpenStack-Nova-API-Version' },
  'container-infrastructure-management': { name: 'container-infra' },
  'key-manager': { name: 'key-manager' },
  placement: { name: 'placement' },
  'resource-optimization': { name: 'infra-optim' },
  'shared-file-system': { name: 'shared-file-system', older: 'X-OpenStack-Manila-API-Version' },
}

/** The official types of the services that have microversions. */
export const microversionedTypes: readonly string[] = Object.keys(services)

/**
 * Every word for a service that has microversions: its type, aliases and project, with what `OpenStack-API-Version` calls
 * it and, where there is one, its older header.
 */
export function microversionWords(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(services).flatMap(([type, { name, older }]) =>
      namesOfType(type).map((word) => [word, older === undefined ? [name] : [name, older]]),
    ),
  )
}

/** Reads `2.90`, `latest` or, as the header has it, `compute 2.90`; undefined for anything else, `2.latest` too. */
export function parseMicroversion(text: string): Microversion | undefined {
  const found = /^\s*(?:([A-Za-z][\w-]*)\s+)?(\d{1,9}\.\d{1,9}|latest)\s*$/.exec(text)
  if (found?.[2] === undefined) return undefined
  return { service: found[1] === undefined ? undefined : toOfficialType(found[1]), version: found[2] }
}

/** Whether a microversion may be asked of a service, by type, alias or project: it names that one, or none. */
export function isOfService({ service }: Microversion, asked: string): boolean {
  return service === undefined || service === toOfficialType(asked)
}

/** The headers that ask for a version of a service, by type, alias or project; undefined when it has no microversions. */
export function microversionHeaders(service: string, version: string): HeaderList | undefined {
  const known = headersOf(service)
  if (known === undefined) return undefined
  return [
    ['OpenStack-API-Version', `${known.name} ${version}`],
    ...(known.older === undefined ? [] : [[known.older, version] as const]),
  ]
}

/** The version by which a service says that it answered; undefined when it does not say. */
export function answeredMicroversion(service: string, headers: HeaderList): string | undefined {
  const known = headersOf(service)
  if (known === undefined) return undefined
  for (const [name, value] of headers) {
    if (name.toLowerCase() !== 'openstack-api-version') continue
    for (const one of value.split(',')) {
      const [type, version] = one.trim().split(/\s+/)
      if (type === known.name && version !== undefined) return version
    }
  }
  return known.older === undefined ? undefined : headerOf(headers, known.older)?.trim()
}

/**
 * The least and the greatest version that an answer says there are: by its headers, by the `min_version` and
 * `max_version` of an error, or in its words; undefined when it does not say both.
 */
export function microversionRange(
  headers: HeaderList,
  body: unknown,
): { readonly least: string; readonly greatest: string } | undefined {
  const told = rangeOf(edgeHeader(headers, 'minimum'), edgeHeader(headers, 'maximum'))
  return told ?? rangeIn(body, 0)
}

function headersOf(service: string): VersionHeaders | undefined {
  const type = toOfficialType(service)
  return Object.hasOwn(services, type) ? services[type] : undefined
}

function toOfficialType(word: string): string {
  const type = word.replaceAll('_', '-')
  return officialType(typeOfProject(type) ?? type)
}

function edgeHeader(headers: HeaderList, edge: 'minimum' | 'maximum'): string | undefined {
  const pattern = new RegExp(`^(x-)?openstack(-[a-z]+)*-api-${edge}-version$`, 'i')
  const value = headers.find(([name]) => pattern.test(name))?.[1]
  // The common header names the service before the version.
  return value?.trim().split(/\s+/).at(-1)
}

function rangeIn(value: unknown, depth: number): ReturnType<typeof microversionRange> {
  if (typeof value === 'string')
    return rangeOf(
      /\bmin(?:imum)?(?: version)?(?: is|:)? (\d+\.\d+)/i.exec(value)?.[1],
      /\bmax(?:imum)?(?: version)?(?: is|:)? (\d+\.\d+)/i.exec(value)?.[1],
    )
  if (typeof value !== 'object' || value === null || depth > 4) return undefined
  const { min_version: least, max_version: greatest } = value as Record<string, unknown>
  const own = rangeOf(least, greatest)
  if (own !== undefined) return own
  for (const child of Object.values(value)) {
    const found = rangeIn(child, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function rangeOf(least: unknown, greatest: unknown): ReturnType<typeof microversionRange> {
  const isVersion = (one: unknown): one is string => typeof one === 'string' && /^\d{1,9}\.\d{1,9}$/.test(one)
  return isVersion(least) && isVersion(greatest) ? { least, greatest } : undefined
}
