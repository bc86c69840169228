import type { ApplicationCredential, EarlierToken } from './credentials.ts'

/** What is kept of a token, beside the hash of its id. */
export function tokenRecord({
  user,
  scope,
  roles,
  applicationCredential,
  trust,
  ...token
}: EarlierToken): object {
  const { methods, auditIds, issuedAt, expiresAt, revoked } = token
  return {
    user: user.id,
    methods,
    auditIds,
    issuedAt,
    expiresAt,
    revoked,
    scope: scope.kind,
    ...(scope.kind === 'project' && { target: scope.project.id }),
    ...(scope.kind === 'domain' && { target: scope.domain.id }),
    roles: roles.map(({ id }) => id),
    credential: applicationCredential?.id,
    trust: trust?.id,
  }
}

/** What is kept of an application credential: of its secret a hash. */
export function credentialRecord({
  user,
  project,
  roles,
  secret,
  ...credential
}: ApplicationCredential): object {
  return {
    ...credential,
    user: user.id,
    project: project.id,
    roles: roles.map(({ id }) => id),
    secret: secret.toHash(),
  }
}
