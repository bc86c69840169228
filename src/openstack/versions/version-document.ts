import type { HttpResponse } from '../../model/exchange.ts'
import { parseJson } from '../../util/parse-json.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'
import { microversionRange } from './microversion.ts'

/** A version of an API: [2, 15] for `v2.15`, [3, 0] for `3`. */
export type VersionNumber = readonly [major: number, minor: number]

/** A version of an API, as a service tells of it. */
export type ApiVersion = {
  readonly number: VersionNumber
  /** In capitals: CURRENT, SUPPORTED, STABLE, DEPRECATED, EXPERIMENTAL; empty when none is told. */
  readonly status: string
  /** Its `self` link, as it stands there. */
  readonly href: string | undefined
  /** The microversions that it accepts. */
  readonly microversions: { readonly least: string; readonly greatest: string } | undefined
}

/** Reads `3`, `v3`, `2.1` or `v2.1`. */
export function parseVersionNumber(text: string): VersionNumber | undefined {
  const found = /^\s*v?(\d{1,9})(?:\.(\d{1,9}))?\s*$/i.exec(text)
  return found === null ? undefined : [Number(found[1]), Number(found[2] ?? 0)]
}

/**
 * The versions that an answer tells of: `{versions: {values: []}}` of Keystone and Barbican, `{versions: []}` of most,
 * `{version: {}}` of one of them, or a bare version, as Ironic has it. Undefined when it is no such document.
 * https://specs.openstack.org/openstack/api-sig/guidelines/microversion_specification.html#version-discovery
 */
export function parseVersionDocument(response: HttpResponse): readonly ApiVersion[] | undefined {
  if (response.status !== 200 && response.status !== 300) return undefined
  // It is no JSON where a web page or another program answers.
  const document = parseJson(response.body)
  if (!isMapping(document)) return undefined
  const { version, versions, id } = document
  const values = isMapping(versions) ? versions.values : versions
  if (Array.isArray(values)) return values.flatMap((one) => readVersion(one))
  if (isMapping(version)) return readVersion(version)
  if (typeof id !== 'string') return undefined
  const [own] = readVersion({ status: 'CURRENT', ...document })
  return (
    own && [{ ...own, microversions: own.microversions ?? microversionRange(response.headers, undefined) }]
  )
}

/**
 * A link of a discovery document seen from where the document was found: scheme and host stay those of that place,
 * since a service behind a proxy often names itself otherwise. A link to another host says only how its path ends.
 */
export function combineLink(found: string, href: string): string {
  const folder = `${withoutEndSlashes(found)}/`
  if (!URL.canParse(href, folder)) return found
  const base = new URL(found)
  const link = new URL(href, folder)
  if (link.host === base.host) return `${base.origin}${link.pathname}`
  const last = link.pathname.split('/').findLast((part) => part !== '')
  const path = withoutEndSlashes(base.pathname)
  if (last === undefined || path.endsWith(`/${last}`)) return `${base.origin}${path}`
  return `${base.origin}${path}/${last}/`
}

function readVersion(value: unknown): ApiVersion[] {
  if (!isMapping(value)) return []
  const number = parseVersionNumber(String(value.id))
  if (number === undefined) return []
  const links = Array.isArray(value.links) ? value.links : []
  const href: unknown = links.find((link) => isMapping(link) && link.rel === 'self')?.href
  const { min_version: least, max_version: greatest = value.version } = value
  const hasRange =
    typeof least === 'string' && typeof greatest === 'string' && least !== '' && greatest !== ''
  return [
    {
      number,
      status: typeof value.status === 'string' ? value.status.toUpperCase() : '',
      href: typeof href === 'string' ? href : undefined,
      microversions: hasRange ? { least, greatest } : undefined,
    },
  ]
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
