import type { KeptRecord } from '../../data/record.ts'
import { known, numberIn, textIn, textOrNone, textsIn } from '../../data/record.ts'
import { createDirectory } from '../people/directory.ts'
import type { Directory, Named } from '../people/people.ts'
import { restorePeople } from '../people/people-records.ts'
import { firstCredential } from '../seed.ts'
import type { AccessRule, ApplicationCredential, EarlierToken, Ec2Credential, Scope } from './credentials.ts'
import type { EarlierIdentity } from './identity.ts'
import { secretOf, secretOfHash } from './secret.ts'

/**
 * What was noted of credentials and tokens.
 *
 * @param password the secret of the first application credential, which follows it
 */
export function restoreIdentity(records: readonly KeptRecord[], password: string): EarlierIdentity {
  const of = (wanted: string): readonly KeptRecord[] => records.filter(({ kind }) => kind === wanted)
  const directory = createDirectory(password)
  restorePeople(directory, records)
  const credentials = new Map(
    of('credential')
      .map((record) => credentialOf(record, password, directory))
      .map((one) => [one.id, one]),
  )
  const ec2Credentials = new Map(
    of('ec2')
      .map((record) => ec2CredentialOf(record, directory))
      .map((one) => [one.access, one]),
  )
  const tokens = new Map(
    of('token').map((record) => [record.names[0] ?? '', tokenOf(record, credentials, directory)]),
  )
  const accessRules = new Map(
    of('access-rule').map((record) => [record.names[0] ?? '', accessRuleOf(record)]),
  )
  return { directory, accessRules, credentials, ec2Credentials, tokens }
}

function credentialOf(record: KeptRecord, password: string, directory: Directory): ApplicationCredential {
  const id = textIn(record, 'id')
  const { expiresAt, unrestricted, accessRules } = record.fields
  return {
    id,
    name: textIn(record, 'name'),
    description: textOrNone(record, 'description'),
    secret: id === firstCredential.id ? secretOf(password) : secretOfHash(textIn(record, 'secret')),
    user: find(record, 'user', directory.users),
    project: find(record, 'project', directory.projects),
    roles: rolesOf(record, directory),
    unrestricted: unrestricted === true,
    ...(Array.isArray(accessRules) && { accessRules: accessRules as readonly AccessRule[] }),
    expiresAt: expiresAt === undefined ? undefined : numberIn(record, 'expiresAt'),
  }
}

function ec2CredentialOf(record: KeptRecord, directory: Directory): Ec2Credential {
  return {
    user: find(record, 'user', directory.users).id,
    project: find(record, 'project', directory.projects).id,
    access: textIn(record, 'access'),
    secret: textIn(record, 'secret'),
  }
}

function accessRuleOf(record: KeptRecord): AccessRule & { readonly user: string } {
  return {
    id: textIn(record, 'id'),
    user: textIn(record, 'user'),
    service: textIn(record, 'service'),
    path: textIn(record, 'path'),
    method: textIn(record, 'method'),
  }
}

function tokenOf(
  record: KeptRecord,
  credentials: ReadonlyMap<string, ApplicationCredential>,
  directory: Directory,
): EarlierToken {
  const [credentialId, trustId] = [textOrNone(record, 'credential'), textOrNone(record, 'trust')]
  const credential = credentials.get(credentialId ?? '')
  const revoked = record.fields.revoked === true
  // The tokens of a credential that was deleted are revoked: nobody is told of it any more.
  if (credentialId !== undefined && !revoked) known(record, 'credential', credential)
  return {
    user: find(record, 'user', directory.users),
    methods: textsIn(record, 'methods'),
    auditIds: textsIn(record, 'auditIds'),
    issuedAt: numberIn(record, 'issuedAt'),
    expiresAt: numberIn(record, 'expiresAt'),
    revoked,
    scope: scopeOf(record, directory),
    roles: rolesOf(record, directory),
    ...(credential && { applicationCredential: credential }),
    ...(trustId !== undefined && {
      trust: known(
        record,
        'trust',
        directory.trusts.find(({ id }) => id === trustId),
      ),
    }),
  }
}

function scopeOf(record: KeptRecord, directory: Directory): Scope {
  const kind = textIn(record, 'scope')
  switch (kind) {
    case 'project':
      return { kind, project: find(record, 'target', directory.projects) }
    case 'domain':
      return { kind, domain: find(record, 'target', new Map(directory.domains.map((one) => [one.id, one]))) }
    case 'system':
    case 'unscoped':
      return { kind }
    default:
      return known<Scope>(record, 'scope', undefined)
  }
}

function rolesOf(record: KeptRecord, { roles }: Directory): readonly Named[] {
  return textsIn(record, 'roles').map((wanted) =>
    known(
      record,
      'roles',
      roles.find(({ id }) => id === wanted),
    ),
  )
}

function find<T>(record: KeptRecord, field: string, all: ReadonlyMap<string, T>): T {
  return known(record, field, all.get(textIn(record, field)))
}
