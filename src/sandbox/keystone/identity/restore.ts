import type { KeptRecord } from '../../data/record.ts'
import { known, numberIn, textIn, textOrNone, textsIn } from '../../data/record.ts'
import type { Named } from '../seed.ts'
import { domains, firstCredential, projects, roles, trusts, users } from '../seed.ts'
import type { ApplicationCredential, EarlierToken, Ec2Credential, Scope } from './credentials.ts'
import type { EarlierIdentity } from './identity.ts'
import { secretOf, secretOfHash } from './secret.ts'

/**
 * What was noted of credentials and tokens.
 *
 * @param password the secret of the first application credential, which follows it
 */
export function restoreIdentity(records: readonly KeptRecord[], password: string): EarlierIdentity {
  const of = (wanted: string): readonly KeptRecord[] => records.filter(({ kind }) => kind === wanted)
  const credentials = new Map(
    of('credential')
      .map((record) => credentialOf(record, password))
      .map((one) => [one.id, one]),
  )
  const ec2Credentials = new Map(
    of('ec2')
      .map(ec2CredentialOf)
      .map((one) => [one.access, one]),
  )
  const tokens = new Map(of('token').map((record) => [record.names[0] ?? '', tokenOf(record, credentials)]))
  return { credentials, ec2Credentials, tokens }
}

function credentialOf(record: KeptRecord, password: string): ApplicationCredential {
  const id = textIn(record, 'id')
  const { expiresAt, unrestricted } = record.fields
  return {
    id,
    name: textIn(record, 'name'),
    description: textOrNone(record, 'description'),
    secret: id === firstCredential.id ? secretOf(password) : secretOfHash(textIn(record, 'secret')),
    user: find(record, 'user', users),
    project: find(record, 'project', projects),
    roles: rolesOf(record),
    unrestricted: unrestricted === true,
    expiresAt: expiresAt === undefined ? undefined : numberIn(record, 'expiresAt'),
  }
}

function ec2CredentialOf(record: KeptRecord): Ec2Credential {
  return {
    user: find(record, 'user', users).id,
    project: find(record, 'project', projects).id,
    access: textIn(record, 'access'),
    secret: textIn(record, 'secret'),
  }
}

function tokenOf(record: KeptRecord, credentials: ReadonlyMap<string, ApplicationCredential>): EarlierToken {
  const [credentialId, trustId] = [textOrNone(record, 'credential'), textOrNone(record, 'trust')]
  const credential = credentials.get(credentialId ?? '')
  const revoked = record.fields.revoked === true
  // The tokens of a credential that was deleted are revoked: nobody is told of it any more.
  if (credentialId !== undefined && !revoked) known(record, 'credential', credential)
  return {
    user: find(record, 'user', users),
    methods: textsIn(record, 'methods'),
    auditIds: textsIn(record, 'auditIds'),
    issuedAt: numberIn(record, 'issuedAt'),
    expiresAt: numberIn(record, 'expiresAt'),
    revoked,
    scope: scopeOf(record),
    roles: rolesOf(record),
    ...(credential && { applicationCredential: credential }),
    ...(trustId !== undefined && {
      trust: known(
        record,
        'trust',
        trusts.find(({ id }) => id === trustId),
      ),
    }),
  }
}

function scopeOf(record: KeptRecord): Scope {
  const kind = textIn(record, 'scope')
  switch (kind) {
    case 'project':
      return { kind, project: find(record, 'target', projects) }
    case 'domain':
      return { kind, domain: find(record, 'target', domains) }
    case 'system':
    case 'unscoped':
      return { kind }
    default:
      return known<Scope>(record, 'scope', undefined)
  }
}

function rolesOf(record: KeptRecord): readonly Named[] {
  return textsIn(record, 'roles').map((wanted) =>
    known(
      record,
      'roles',
      roles.find(({ id }) => id === wanted),
    ),
  )
}

// Whose it is and what for is one of those that are there from the start.
function find<T extends Named>(record: KeptRecord, field: string, all: readonly T[]): T {
  const wanted = textIn(record, field)
  return known(
    record,
    field,
    all.find(({ id }) => id === wanted),
  )
}
