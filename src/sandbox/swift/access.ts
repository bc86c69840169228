import type { Call } from '../call.ts'
import type { Token } from '../keystone/identity/credentials.ts'
import type { Place } from './place.ts'
import type { Asker } from './refusal.ts'
import type { Container } from './store/stored.ts'

const operatorRoles = ['admin', 'objectstore_operator']

/** Whether a request is let in; otherwise 401 for nobody, 403 for somebody. */
export function access(
  call: Call,
  place: Place,
  asker: Pick<Asker, 'token' | 'domainOf'>,
  container: Container | undefined,
): 'yes' | 401 | 403 {
  const { token } = asker
  if (token && isOperator(token, place.account)) return 'yes'
  if (container && place.container !== '' && allowedByList(call, place, asker, container)) return 'yes'
  return token === undefined ? 401 : 403
}

/** Whether the token is for the account's project, with a role that may do everything in it. */
export function isOperator({ scope, roles }: Token, account: string): boolean {
  return (
    scope.kind === 'project' &&
    account === `AUTH_${scope.project.id}` &&
    roles.some(({ name }) => operatorRoles.includes(name))
  )
}

// https://docs.openstack.org/swift/latest/overview_acl.html#container-acls
function allowedByList(
  call: Call,
  { account, object }: Place,
  { token, domainOf }: Pick<Asker, 'token' | 'domainOf'>,
  container: Container,
): boolean {
  const reads = call.method === 'GET' || call.method === 'HEAD'
  const writes = object !== '' && ['PUT', 'POST', 'DELETE', 'COPY'].includes(call.method)
  if (!reads && !writes) return false
  const header = container.metadata.get(reads ? 'X-Container-Read' : 'X-Container-Write') ?? ''
  const entries = header.split(',').map((entry) => entry.trim())
  if (reads && (object !== '' || entries.includes('.rlistings')) && refererAllowed(call, entries)) return true
  if (token?.scope.kind !== 'project') return false
  const { user, scope, roles } = token
  // Names are unique within a domain only, so they count where all are in the first one.
  const isNamed = [user.domain.id, scope.project.domain.id, domainOf(account)].every((id) => id === 'default')
  const projects = ['*', scope.project.id, ...(isNamed ? [scope.project.name] : [])]
  const users = ['*', user.id, ...(isNamed ? [user.name] : [])]
  const names = projects.flatMap((project) => users.map((one) => `${project}:${one}`))
  return entries.some(
    (entry) => names.includes(entry) || (entry !== '' && roles.some(({ name }) => name === entry)),
  )
}

function refererAllowed(call: Call, entries: readonly string[]): boolean {
  const host = /^https?:\/\/(?:[^/@]*@)?([^/:]+)/.exec(call.header('Referer') ?? '')?.[1] ?? 'unknown'
  let allowed = false
  for (const entry of entries) {
    const wanted = /^\.r(?:ef(?:errer|erer)?)?:(-?)\s*(.+)$/.exec(entry)
    if (wanted === null) continue
    const [, not, name = ''] = wanted
    const fits = name === '*' || (name.startsWith('.') ? host.endsWith(name) : host === name)
    if (fits) allowed = not !== '-'
  }
  return allowed
}
