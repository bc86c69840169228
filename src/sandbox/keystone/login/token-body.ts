import { catalogOf } from '../catalog.ts'
import type { Token } from '../identity/credentials.ts'
import type { Identity } from '../identity/identity.ts'
import { keystoneTime, microsecondTime } from '../identity/identity.ts'
import type { Named } from '../people/people.ts'

/** What an answer is to show: whether the token has just been made, and whether the catalog is wanted. */
type Shown = { readonly isNew: boolean; readonly withCatalog: boolean }

/** The `token` object of an answer: https://docs.openstack.org/api-ref/identity/v3/#password-authentication-with-scoped-authorization */
export function tokenBody(token: Token, identity: Identity, { isNew, withCatalog }: Shown): object {
  const { user, scope, applicationCredential: credential, trust } = token
  return {
    methods: token.methods,
    user: { domain: pair(user.domain), id: user.id, name: user.name, password_expires_at: null },
    audit_ids: token.auditIds,
    expires_at: isNew ? endOfNew(token) : keystoneTime(token.expiresAt),
    issued_at: keystoneTime(token.issuedAt),
    ...(scope.kind === 'project' && {
      project: { domain: pair(scope.project.domain), ...pair(scope.project) },
      is_domain: false,
    }),
    ...(scope.kind === 'domain' && { domain: pair(scope.domain) }),
    ...(scope.kind !== 'unscoped' && { roles: token.roles.map(pair) }),
    ...(scope.kind === 'system' && { system: { all: true } }),
    ...(credential && {
      application_credential: {
        id: credential.id,
        name: credential.name,
        restricted: !credential.unrestricted,
        ...(credential.accessRules && { access_rules: credential.accessRules }),
      },
    }),
    ...(trust && {
      'OS-TRUST:trust': {
        id: trust.id,
        impersonation: true,
        trustor_user: { id: trust.trustor.id },
        trustee_user: { id: trust.trustee.id },
      },
    }),
    ...(withCatalog && scope.kind !== 'unscoped' && { catalog: catalogOf(scope, identity) }),
  }
}

// Keystone writes the end of a new token that ends with its application credential by Python's isoformat: without a zone,
// and without a fraction of zero, https://opendev.org/openstack/keystone/src/branch/master/keystone/token/provider.py.
function endOfNew({ expiresAt, applicationCredential }: Token): string {
  if (expiresAt !== applicationCredential?.expiresAt) return keystoneTime(expiresAt)
  return microsecondTime(expiresAt).replace(/\.0{6}$/, '')
}

function pair({ id, name }: Named): Named {
  return { id, name }
}
