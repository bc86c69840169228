type Variables = Readonly<Record<string, string>>

/** Who is on a cloud: the OS_* variables with which they log in, without a scope, and the ids of what there is. */
export type Cast = {
  /** A member of the project workshop, with a name and a password. */
  readonly learner: Variables & { readonly OS_PASSWORD: string }
  readonly learnerId: string
  readonly workshopId: string
  /** A project in which the learner has no role. */
  readonly foreignProject: string
  readonly admin: Variables
  /** Somebody with a role on the domain Default. */
  readonly domainOwner: Variables
  /** Somebody who needs password and TOTP. */
  readonly careful: Variables
  readonly passcode: () => string
  /** A user of the domain Guild, and the name of a project there. */
  readonly guildsman: Variables & { readonly OS_PROJECT_NAME: string }
  /** An application credential of the learner. */
  readonly credential: { readonly id: string; readonly name: string; readonly secret: string }
}

/** How somebody logs in, the variables for it, and what is expected of the token or of the hint. */
export type AuthCase<Expected> = readonly [name: string, variables: () => Variables, expected: Expected]

const workshop = { OS_PROJECT_NAME: 'workshop', OS_PROJECT_DOMAIN_NAME: 'Default' }

/** Logins that any Keystone takes. */
export function acceptedLogins(cast: Cast): readonly AuthCase<object>[] {
  const { learner, credential } = cast
  const { OS_PASSWORD } = learner
  const robot = {
    OS_AUTH_TYPE: 'v3applicationcredential',
    OS_APPLICATION_CREDENTIAL_SECRET: credential.secret,
  }
  return [
    [
      'password by name, unscoped',
      () => learner,
      { methods: ['password'], project: undefined, catalog: undefined },
    ],
    [
      'password by id',
      () => ({ OS_USER_ID: cast.learnerId, OS_PASSWORD, ...workshop }),
      { user: { name: 'learner' }, project: { name: 'workshop' } },
    ],
    [
      'a project by id and a name that is not its own',
      () => ({ ...learner, OS_TENANT_ID: cast.workshopId, OS_TENANT_NAME: '123' }),
      { project: { name: 'workshop' } },
    ],
    [
      'a user and a project of another domain',
      () => ({ ...cast.guildsman, OS_DOMAIN_NAME: 'Guild' }),
      { user: { domain: { name: 'Guild' } }, project: { name: cast.guildsman.OS_PROJECT_NAME } },
    ],
    [
      'a domain',
      () => ({ ...cast.domainOwner, OS_DOMAIN_ID: 'default' }),
      { domain: { name: 'Default' }, project: undefined },
    ],
    ['the system', () => ({ ...cast.admin, OS_SYSTEM_SCOPE: 'all' }), { system: true, project: undefined }],
    [
      'an application credential by id, beside a project',
      () => ({ ...robot, ...workshop, OS_APPLICATION_CREDENTIAL_ID: credential.id }),
      { methods: ['application_credential'], project: { name: 'workshop' } },
    ],
    [
      'an application credential by name and user',
      () => ({
        ...robot,
        OS_APPLICATION_CREDENTIAL_NAME: credential.name,
        OS_USERNAME: 'learner',
        OS_USER_DOMAIN_NAME: 'Default',
      }),
      { methods: ['application_credential'], user: { name: 'learner' } },
    ],
    [
      'an application credential by name and user id',
      () => ({ ...robot, OS_APPLICATION_CREDENTIAL_NAME: credential.name, OS_USER_ID: cast.learnerId }),
      { methods: ['application_credential'], user: { name: 'learner' } },
    ],
    [
      'password and totp, with a receipt',
      () => ({
        ...cast.careful,
        ...workshop,
        OS_AUTH_TYPE: 'v3multifactor',
        OS_AUTH_METHODS: 'v3password,v3totp',
        OS_PASSCODE: cast.passcode(),
      }),
      { user: { name: 'careful' }, project: { name: 'workshop' } },
    ],
  ]
}

/** Logins that any Keystone refuses, and the hint that names why. */
export function refusedLogins(cast: Cast): readonly AuthCase<RegExp>[] {
  const { learner, credential } = cast
  const robot = { OS_AUTH_TYPE: 'v3applicationcredential' }
  return [
    ['no domain of the user', () => ({ OS_USERNAME: 'learner', OS_PASSWORD: 'x' }), /OS_USER_DOMAIN_NAME/],
    [
      'no domain of the project',
      () => ({ ...learner, OS_PROJECT_NAME: 'workshop' }),
      /OS_PROJECT_DOMAIN_NAME/,
    ],
    [
      'an id in place of a name',
      () => ({ ...learner, OS_USER_DOMAIN_NAME: 'default' }),
      /default for Default/,
    ],
    [
      'a foreign project',
      () => ({ ...learner, ...workshop, OS_PROJECT_NAME: cast.foreignProject }),
      /no role on the project/,
    ],
    ['no role on the system', () => ({ ...learner, OS_SYSTEM_SCOPE: 'all' }), /no role on the system/],
    ['a dead token', () => ({ OS_TOKEN: 'dead' }), /expired or was revoked/],
    [
      'an unknown application credential',
      () => ({
        ...robot,
        OS_APPLICATION_CREDENTIAL_SECRET: credential.secret,
        OS_APPLICATION_CREDENTIAL_ID: 'none',
      }),
      /id .* is wrong/,
    ],
    [
      'a wrong secret',
      () => ({
        ...robot,
        OS_APPLICATION_CREDENTIAL_SECRET: 'not-this-one',
        OS_APPLICATION_CREDENTIAL_ID: credential.id,
      }),
      /secret is wrong/,
    ],
  ]
}
