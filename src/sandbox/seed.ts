/** A domain, project or role. */
export type Named = { readonly id: string; readonly name: string }
export type Project = Named & { readonly domain: Named }

/** Somebody who may log in. */
export type User = Named & {
  readonly domain: Named
  readonly password: string
  readonly enabled: boolean
  readonly defaultProject?: string
  /** Raw key of one-time codes; then both password and code are wanted. */
  readonly totpKey?: Buffer
  /** Role names by `project:ID`, `domain:ID` or `system`. */
  readonly roles: Readonly<Record<string, readonly string[]>>
}

/** A trust: its trustee may act in a project for its trustor. */
export type Trust = {
  readonly id: string
  readonly trustor: string
  readonly trustee: string
  readonly project: string
  readonly roles: readonly string[]
}

const defaultDomain: Named = { id: 'default', name: 'Default' }
const guild: Named = { id: '6b1b0c2f0a5d4d6f9b6f1f3f7a2c4e10', name: 'Guild' }

/** The domains of the sandbox. */
export const domains: readonly Named[] = [defaultDomain, guild]

/** Its projects. */
export const projects: readonly Project[] = [
  { id: 'fee040b1c4d24aeb985c3cdea1c3f363', name: 'workshop', domain: defaultDomain },
  { id: '51d90dd77d30402fbf0119d9e76f7ef4', name: 'vault', domain: defaultDomain },
  { id: '0d3a7c5be4f1468d8a92b1c6e7f80a53', name: 'guildhall', domain: guild },
]

/** Its roles. */
export const roles: readonly Named[] = [
  { id: '8eeb17d6908b4285928dd3776519d7cf', name: 'reader' },
  { id: 'b424c791a29d4ad9ae3caee2fb71bd76', name: 'member' },
  { id: 'b4ea1ddd73594d1a9357cc63a5eab322', name: 'objectstore_operator' },
  { id: '1f0c9ab3d7e84c6cb5a2f4e6d8091b27', name: 'admin' },
]

const workshop = 'project:fee040b1c4d24aeb985c3cdea1c3f363'
const everything = ['reader', 'member', 'objectstore_operator']

/** Its users. The learner's password has what breaks shell and JSON when it is pasted. */
export const users: readonly User[] = [
  user('de11a130d07d46cd92238b9f6dbaf004', 'learner', `p'a$s "w\\ord`, { [workshop]: everything }),
  user('2a6f7d1f6c0b4d46a8a1f3c59a3d7be1', 'onlooker', 'only looking', { [workshop]: ['reader'] }),
  {
    ...user('7c9e1e4b5d6f48a0b2c3d4e5f6a7b8c9', 'disabled', 'no way in', { [workshop]: everything }),
    enabled: false,
  },
  user('90ab12cd34ef56ab78cd90ef12ab34cd', 'operator', 'keys to it all', {
    [workshop]: ['admin', ...everything],
    'domain:default': ['admin', 'reader'],
    system: ['admin', 'reader'],
  }),
  {
    ...user('3b5d7f91a2c4e6081b3d5f7092b4d6f8', 'careful', 'two locks', { [workshop]: everything }),
    totpKey: Buffer.from('sandbox-totp-key-001'),
  },
  {
    ...user('c4d5e6f708192a3b4c5d6e7f8091a2b3', 'mason', 'square and level', {
      'project:0d3a7c5be4f1468d8a92b1c6e7f80a53': everything,
    }),
    domain: guild,
  },
  {
    ...user('e1f2a3b4c5d60718293a4b5c6d7e8f90', 'homebody', 'at home', { [workshop]: everything }),
    defaultProject: 'fee040b1c4d24aeb985c3cdea1c3f363',
  },
]

/** Its trusts: the onlooker may act for the learner. */
export const trusts: readonly Trust[] = [
  {
    id: 'a7b8c9d0e1f2031425364758697a8b9c',
    trustor: 'de11a130d07d46cd92238b9f6dbaf004',
    trustee: '2a6f7d1f6c0b4d46a8a1f3c59a3d7be1',
    project: 'fee040b1c4d24aeb985c3cdea1c3f363',
    roles: ['member', 'objectstore_operator'],
  },
]

function user(id: string, name: string, password: string, granted: User['roles']): User {
  return { id, name, password, domain: defaultDomain, enabled: true, roles: granted }
}
