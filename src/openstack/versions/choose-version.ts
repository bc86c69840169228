import type { ApiVersion, VersionNumber } from './version-document.ts'
import { parseVersionNumber } from './version-document.ts'

/** The version that is wanted: this one or a later one of the same major; `latest` is the greatest. */
export type VersionWish = VersionNumber | 'latest'

/** A URL of a catalog, taken apart. */
export type VersionedUrl = {
  /** Without its version and project; no slash at its end. */
  readonly base: string
  /** The version as its path has it: `v2.1`. */
  readonly version: string | undefined
  /** The id of the project at its end. */
  readonly project: string | undefined
}

/** Reads `3`, `v2.1` or `latest`. */
export function parseVersionWish(text: string): VersionWish | undefined {
  return text.trim() === 'latest' ? 'latest' : parseVersionNumber(text)
}

/**
 * Takes a catalog's URL apart. The last part of its path is the project when it is the token's, or, where the token
 * has none, when it follows a version.
 */
export function splitVersionedUrl(url: string, project: string | undefined): VersionedUrl {
  const [, start = '', path = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)([^?#]*)/i.exec(url) ?? []
  const parts = path.split('/').filter((part) => part !== '')
  const isVersion = (part: string | undefined): boolean => part !== undefined && /^v\d+(\.\d+)?$/i.test(part)
  const last = parts.at(-1)
  const hasProject =
    last !== undefined &&
    (project === undefined ? !isVersion(last) && isVersion(parts.at(-2)) : last === project)
  if (hasProject) parts.pop()
  const version = isVersion(parts.at(-1)) ? parts.pop() : undefined
  return { base: [start, ...parts].join('/'), version, project: hasProject ? last : undefined }
}

/** Where the documents of a catalog's URL may be, best first: without its version, then with it. */
export function discoveryUrls({ base, version }: VersionedUrl): readonly string[] {
  return [`${base}/`, ...(version === undefined ? [] : [`${base}/${version}/`])]
}

/** Whether a version is the wanted one, or a later one of the same major. */
export function fitsWish([major, minor]: VersionNumber, wish: VersionWish): boolean {
  return wish === 'latest' || (major === wish[0] && minor >= wish[1])
}

/** The greatest version that is wanted and fit for use: stable, current, supported or deprecated, and with a link. */
export function chooseVersion(versions: readonly ApiVersion[], wish: VersionWish): ApiVersion | undefined {
  const fit = versions.filter(
    ({ number, status, href }) => href !== undefined && usable.has(status) && fitsWish(number, wish),
  )
  return fit.toSorted((one, other) => other.number[0] - one.number[0] || other.number[1] - one.number[1])[0]
}

const usable = new Set(['STABLE', 'CURRENT', 'SUPPORTED', 'DEPRECATED'])
