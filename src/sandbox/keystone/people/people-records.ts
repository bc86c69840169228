import type { KeptRecord } from '../../data/record.ts'
import { known, textIn, textOrNone, textsIn } from '../../data/record.ts'
import { secretOfHash } from '../identity/secret.ts'
import type { Directory, Named, Project, User } from './people.ts'

/** What is kept of a user: of the password a hash. */
export function userRecord(given: User): object {
  const { domain, secret, hasOwnSecret, roles, totpKey: _, authRules: __, ...user } = given
  return {
    ...user,
    domain: domain.id,
    ...(secret && hasOwnSecret && { secret: secret.toHash() }),
    roles: [...roles].map(([target, granted]) => [target, granted.map(({ id }) => id)]),
  }
}

/** What is kept of a project. */
export function projectRecord({ domain, ...project }: Project): object {
  return { ...project, domain: domain.id }
}

/** Puts what was noted of users and projects into the directory. */
export function restorePeople(directory: Directory, records: readonly KeptRecord[]): void {
  for (const record of records) {
    const [id = ''] = record.names
    if (record.kind !== 'user' && record.kind !== 'project') continue
    const all = record.kind === 'user' ? directory.users : directory.projects
    if (record.fields.isGone === true) all.delete(id)
    else if (record.kind === 'project') directory.projects.set(id, projectIn(record, directory))
    else restoreUser(record, directory)
  }
}

// Who is there from the start keeps his place: trusts know him, and his one-time codes and rules stay.
function restoreUser(record: KeptRecord, directory: Directory): void {
  const user = userIn(record, directory)
  const earlier = directory.users.get(user.id)
  if (earlier === undefined) directory.users.set(user.id, user)
  else Object.assign(earlier, user, user.hasOwnSecret ? {} : { secret: earlier.secret })
}

function projectIn(record: KeptRecord, directory: Directory): Project {
  const id = textIn(record, 'id')
  const project = {
    id,
    name: textIn(record, 'name'),
    domain: domainIn(record, directory),
    parentId: textIn(record, 'parentId'),
    description: textIn(record, 'description'),
    enabled: record.fields.enabled === true,
    tags: textsIn(record, 'tags'),
  }
  return Object.assign(directory.projects.get(id) ?? {}, project)
}

function userIn(record: KeptRecord, directory: Directory): User {
  const hash = textOrNone(record, 'secret')
  const { extra, enabled, roles } = record.fields
  const pairs = known(record, 'roles', Array.isArray(roles) ? (roles as readonly unknown[]) : undefined)
  return {
    id: textIn(record, 'id'),
    name: textIn(record, 'name'),
    domain: domainIn(record, directory),
    secret: hash === undefined ? undefined : secretOfHash(hash),
    hasOwnSecret: hash !== undefined,
    enabled: enabled === true,
    defaultProject: textOrNone(record, 'defaultProject'),
    extra: { ...Object(extra) },
    roles: new Map(pairs.map((pair) => grantIn(record, pair, directory))),
  }
}

function grantIn(record: KeptRecord, pair: unknown, { roles }: Directory): [string, readonly Named[]] {
  const [target, ids] = Array.isArray(pair) ? (pair as readonly unknown[]) : []
  const granted = Array.isArray(ids) ? roles.filter(({ id }) => ids.includes(id)) : undefined
  return [
    known(record, 'roles', typeof target === 'string' ? target : undefined),
    known(record, 'roles', granted),
  ]
}

function domainIn(record: KeptRecord, { domains }: Directory): Named {
  const id = textIn(record, 'domain')
  return known(
    record,
    'domain',
    domains.find((domain) => domain.id === id),
  )
}
