import type { Call, Header } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { text } from '../answer.ts'
import type { Container } from '../store/stored.ts'
import { keepsVersions } from '../store/version-store.ts'
import { timestamp } from '../times.ts'

/** The version that a request for an object names: an id, `null`, or undefined for none. */
export function versionAsked({ query }: Call): string | undefined {
  const given = query.get('version-id')
  return given === undefined || given === '' ? undefined : given
}

/** Refuses, before anybody is asked who he is, what cannot be done with a version. */
export function refuseVersion(call: Call, container: Container | undefined): Reply | undefined {
  const id = versionAsked(call)
  if (id === undefined) return undefined
  if (call.method === 'POST') return text(400, 'POST to a specific version is not allowed')
  if (id === 'null') return undefined
  if (container?.versions === undefined)
    return text(400, 'version-aware operations require that the container is versioned')
  return /^\d+(\.\d+)?$/.test(id) ? undefined : text(400, 'Invalid version parameter')
}

/** What of versions the sandbox has not. */
export function unknownOfVersions(call: Call, container: Container | undefined): string | undefined {
  const { query, method } = call
  if (query.has('versions') && method === 'GET') {
    const parameter = ['end_marker', 'path'].find((name) => query.has(name))
    if (parameter !== undefined) return `parameter ${parameter} of a listing of versions`
    if (query.get('version_marker') === 'null') return 'version_marker null'
  }
  const id = versionAsked(call)
  if (id !== undefined && method === 'PUT') {
    if (id === 'null') return 'PUT of the version null'
    if (query.has('multipart-manifest')) return 'PUT of a version that is also a manifest'
  }
  if (container === undefined || !keepsVersions(container)) return undefined
  return method === 'PUT' && call.header('If-None-Match') !== undefined
    ? 'header If-None-Match of a PUT in a container with versions'
    : undefined
}

/** What an answer tells of a new version. */
export function versionHeader(id: string | undefined): readonly Header[] {
  return id === undefined ? [] : [['X-Object-Version-Id', id]]
}

/** A version's id as Swift writes it. */
export function idOf(given: string): string {
  return timestamp(Number(given) * 1000)
}
