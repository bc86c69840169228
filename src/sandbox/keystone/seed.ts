import type { Named } from './people/people.ts'

/** A project that is there from the start. */
export type SeedProject = Named & { readonly domain: Named }

/** Somebody who is there from the start. */
export type SeedUser = Named & {
  readonly domain: Named
  readonly password: string
  readonly enabled: boolean
  readonly defaultProject?: SeedProject
  readonly totpKey?: Buffer
  readonly authRules?: readonly (readonly string[])[]
  /** By `project:ID`, `domain:ID` or `system`. */
  readonly roles: ReadonlyMap<string, readonly Named[]>
}

/** A trust that is there from the start. */
export type SeedTrust = {
  readonly id: string
  readonly trustor: SeedUser
  readonly trustee: SeedUser
  readonly project: SeedProject
  readonly roles: readonly Named[]
}

/** The password of `learner`: what breaks shells and JSON when it is pasted. */
export const learnerPassword = `p'a$s "w\\ord`

const defaultDomain: Named = { id: 'default', name: 'Default' }
const guild: Named = { id: '67756c6467756c6467756c6467756c64', name: 'Guild' }
const workshop: SeedProject = {
  id: 'fee040b1c4d24aeb985c3cdea1c3f363',
  name: 'workshop',
  domain: defaultDomain,
}
const archive: SeedProject = {
  id: '6126835698364d8488debc875ea76caa',
  name: 'archive',
  domain: defaultDomain,
}
const service: SeedProject = {
  id: '0f3c1d6a5b7e49d2a8c4e6f1b2d3a4c5',
  name: 'service',
  domain: defaultDomain,
}
const forge: SeedProject = { id: '51d90dd77d30402fbf0119d9e76f7ef4', name: 'forge', domain: guild }
const reader: Named = { id: '8eeb17d6908b4285928dd3776519d7cf', name: 'reader' }
const member: Named = { id: 'b424c791a29d4ad9ae3caee2fb71bd76', name: 'member' }
const operator: Named = { id: 'b4ea1ddd73594d1a9357cc63a5eab322', name: 'objectstore_operator' }
const admin: Named = { id: '9b53086d46744aeba2744939f7a41c93', name: 'admin' }

const learner = person('de11a130d07d46cd92238b9f6dbaf004', 'learner', learnerPassword, [
  [archive, [reader]],
  [workshop, [reader, operator, member]],
  [defaultDomain, [reader]],
])
const onlooker = person('7d0a4f6c2b184e5f9c3d1a2b3c4d5e6f', 'onlooker', 'onlooker-password', [
  [workshop, [reader]],
])

/** Its users. */
export const users: readonly SeedUser[] = [
  learner,
  onlooker,
  {
    ...person('52f942f822b64d8aa52483afce1e0745', 'plain', 'plain-password', [[workshop, [operator]]]),
    defaultProject: workshop,
  },
  {
    ...person('3e8b1c7d5f2a4960b1c2d3e4f5a6b7c8', 'dormant', 'dormant-password', [[workshop, [operator]]]),
    enabled: false,
  },
  {
    ...person('5106111bb6dd498f9dd68b9acc4cce3b', 'smith', 'smith-password', [[forge, [operator]]]),
    domain: guild,
  },
  {
    ...person('a4c5e6f708192a3b4c5d6e7f8091a2b3', 'careful', 'careful-password', [
      [workshop, [reader, operator, member]],
    ]),
    totpKey: Buffer.from('12345678901234567890'),
    authRules: [['password', 'totp']],
  },
  person('c1d2e3f405162738495a6b7c8d9eafb0', 'auditor', 'auditor-password', [['system', [reader]]]),
  person('1648e072304e4849a7999b57a2a80ac7', 'admin', 'admin-secret', [
    ['system', [admin, member, reader]],
    [service, [admin, member, reader]],
    [defaultDomain, [admin, member, reader]],
  ]),
]

/** Its domains, projects, roles and trusts. */
export const domains: readonly Named[] = [defaultDomain, guild]
export const projects: readonly SeedProject[] = [archive, workshop, service, forge]
export const roles: readonly Named[] = [reader, member, operator, admin]
export const trusts: readonly SeedTrust[] = [
  {
    id: '2d4f6a8c0e1b3d5f7a9c1e3b5d7f9a0c',
    trustor: learner,
    trustee: onlooker,
    project: workshop,
    roles: [operator],
  },
]

/** The application credential that is there from the start. */
export const firstCredential = {
  id: 'fb8f960b73cb40d082810d000916b770',
  name: 'lab',
  secret: 'app-cred-secret',
  user: learner,
  project: workshop,
  roles: [operator],
} as const

function person(
  id: string,
  name: string,
  password: string,
  assignments: readonly (readonly [target: SeedProject | Named | 'system', roles: readonly Named[]])[],
): SeedUser {
  const granted = assignments.map(([target, own]): [string, readonly Named[]] => {
    if (target === 'system') return ['system', own]
    return [`${'domain' in target ? 'project' : 'domain'}:${target.id}`, own]
  })
  return { id, name, domain: defaultDomain, password, enabled: true, roles: new Map(granted) }
}
