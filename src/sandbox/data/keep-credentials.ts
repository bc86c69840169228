import type { ApplicationCredential } from '../keystone/identity.ts'
import { projects, roles, users } from '../keystone/seed.ts'
import type { Database } from './open-database.ts'

/** The application credentials of a Keystone, as they are kept. */
export type Credentials = Map<string, ApplicationCredential>

/** Keeps application credentials in the database. */
export type CredentialKeeper = {
  load(): Promise<Credentials>
  /** Writes which there are now. */
  save(credentials: Credentials): Promise<void>
}

// Whose it is and what for is one of the sandbox's own, and known by its id.
type Record = Omit<ApplicationCredential, 'user' | 'project' | 'roles'> & {
  readonly user: string
  readonly project: string
  readonly roles: readonly string[]
}

/** Makes the keeper of application credentials. */
export function createCredentialKeeper(database: Database): CredentialKeeper {
  const kept: Credentials = new Map()
  return {
    async load() {
      for await (const [, value] of database.records('credential')) {
        const credential = fromRecord(value as Record)
        if (credential !== undefined) kept.set(credential.id, credential)
      }
      return new Map(kept)
    },
    async save(credentials) {
      const gone = [...kept.keys()].filter((id) => !credentials.has(id))
      const fresh = [...credentials.values()].filter((one) => kept.get(one.id) !== one)
      if (gone.length + fresh.length === 0) return
      for (const id of gone) kept.delete(id)
      for (const one of fresh) kept.set(one.id, one)
      await database.write([
        ...gone.map((id) => ({ type: 'del' as const, key: ['credential', id] as const })),
        ...fresh.map((one) => ({
          type: 'put' as const,
          key: ['credential', one.id] as const,
          value: toRecord(one),
        })),
      ])
    },
  }
}

function toRecord({ user, project, roles: own, ...credential }: ApplicationCredential): Record {
  return { ...credential, user: user.id, project: project.id, roles: own.map(({ id }) => id) }
}

// Undefined for one of somebody whom the sandbox does not have any more.
function fromRecord({ user, project, roles: own, ...credential }: Record): ApplicationCredential | undefined {
  const owner = users.find(({ id }) => id === user)
  const scope = projects.find(({ id }) => id === project)
  if (owner === undefined || scope === undefined) return undefined
  return {
    ...credential,
    user: owner,
    project: scope,
    roles: roles.filter(({ id }) => own.includes(id)),
  }
}
