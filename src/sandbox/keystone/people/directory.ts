import type { Keeper } from '../../keeper.ts'
import { secretOf } from '../identity/secret.ts'
import { domains, projects, roles, trusts, users } from '../seed.ts'
import type { Directory, Named, Project, Trust, User } from './people.ts'
import { projectRecord, userRecord } from './people-records.ts'

/**
 * The directory with which every sandbox begins.
 *
 * @param password of everybody; each has an own one unless given
 */
export function createDirectory(password: string | undefined): Directory {
  const ownProjects = new Map(
    projects.map(({ id, name, domain }): [string, Project] => [
      id,
      { id, name, domain, parentId: domain.id, description: '', enabled: true, tags: [] },
    ]),
  )
  const ownUsers = new Map(
    users.map(({ password: own, defaultProject, roles: granted, ...user }): [string, User] => [
      user.id,
      {
        ...user,
        secret: secretOf(password ?? own),
        hasOwnSecret: false,
        defaultProject: defaultProject?.id,
        extra: {},
        roles: new Map(granted),
      },
    ]),
  )
  const directory = { domains, roles, projects: ownProjects, users: ownUsers }
  return { ...directory, trusts: trusts.map((trust) => ownTrust(trust, directory)) }
}

function ownTrust(
  { id, trustor, trustee, project, roles: granted }: (typeof trusts)[number],
  of: Pick<Directory, 'users' | 'projects'>,
): Trust {
  return {
    id,
    trustor: there(of.users.get(trustor.id)),
    trustee: there(of.users.get(trustee.id)),
    project: there(of.projects.get(project.id)),
    roles: granted,
  }
}

/** Something that is there from the start. */
export function there<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('What is there from the start is not there.')
  return found
}

/** Adds a user, or notes that one has changed. */
export function keepUser(user: User, { users }: Directory, keeper: Keeper | undefined): void {
  users.set(user.id, user)
  keeper?.note(['user', user.id], userRecord(user))
}

/** Adds a project, or notes that one has changed. */
export function keepProject(project: Project, { projects }: Directory, keeper: Keeper | undefined): void {
  projects.set(project.id, project)
  keeper?.note(['project', project.id], projectRecord(project))
}

/** Removes a user. */
export function removeUser(id: string, { users }: Directory, keeper: Keeper | undefined): void {
  users.delete(id)
  keeper?.note(['user', id], { isGone: true })
}

/** Removes a project, and what everybody was in it. */
export function removeProject(id: string, directory: Directory, keeper: Keeper | undefined): void {
  directory.projects.delete(id)
  keeper?.note(['project', id], { isGone: true })
  for (const user of directory.users.values()) {
    const hadRoles = user.roles.delete(`project:${id}`)
    if (hadRoles) keepUser(user, directory, keeper)
  }
}

/** What roles bring along: https://docs.openstack.org/keystone/latest/admin/service-api-protection.html */
export function withImplied(granted: readonly Named[], { roles: all }: Directory): readonly Named[] {
  const implied: Readonly<Record<string, readonly string[]>> = {
    admin: ['member', 'reader'],
    member: ['reader'],
  }
  const names = new Set(granted.flatMap(({ name }) => [name, ...(implied[name] ?? [])]))
  const more = all.filter((role) => names.has(role.name) && !granted.some(({ id }) => id === role.id))
  return [...granted, ...more]
}
