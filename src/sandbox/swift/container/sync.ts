import type { Call } from '../../call.ts'
import { quote } from '../../call.ts'
import { withoutEndSlashes } from '../../end-slashes.ts'
import type { Reply } from '../../reply.ts'
import { text } from '../answer.ts'
import type { Place } from '../place.ts'

/**
 * Refuses a place to which a container is to be copied again and again: there is no other cluster.
 * https://docs.openstack.org/swift/latest/overview_container_sync.html
 */
export function refuseSync(call: Call): Reply | undefined {
  const target = call.header('X-Container-Sync-To') ?? ''
  if (target === '') return undefined
  const problem = target.startsWith('//') ? problemOfRealm(target) : problemOfUrl(target)
  return text(400, problem)
}

/** Refuses who says that he is another cluster. */
export function refuseSyncAuth(call: Call, { account }: Place): Reply | undefined {
  if (!call.header('X-Container-Sync-Auth')) return undefined
  const reply = text(
    401,
    'X-Container-Sync-Auth header not valid; contact cluster operator for support.',
    'text/plain',
  )
  return {
    ...reply,
    headers: [...reply.headers, ['Www-Authenticate', `SwiftContainerSync realm="${quote(account)}"`]],
  }
}

function problemOfRealm(target: string): string {
  const [realm = '', ...rest] = withoutEndSlashes(target.slice(2)).split('/')
  return rest.length === 3
    ? `No realm key for '${realm.toUpperCase()}'`
    : `Invalid X-Container-Sync-To format '${target}'`
}

function problemOfUrl(target: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(target)?.[1]?.toLowerCase() ?? ''
  if (scheme !== 'http' && scheme !== 'https')
    return `Invalid scheme '${scheme}' in X-Container-Sync-To, must be "//", "http", or "https".`
  const host = /^[^/]*\/\/(?:[^/@]*@)?([^/:?#]*)/.exec(target)?.[1] ?? ''
  return `Invalid host '${host.toLowerCase()}' in X-Container-Sync-To`
}
