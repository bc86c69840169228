import type { Credentials } from '../../model/cloud.ts'
import type { Token } from '../../model/token.ts'

/** The stand-in for a token where the cloud has no Keystone to ask: auth_type none, http_basic, admin_token. */
export function staticToken(credentials: Exclude<Credentials, { kind: 'keystone' }>, now: number): Token {
  return {
    id: idOf(credentials),
    expiresAt: '9999-12-31T23:59:59.000000Z',
    issuedAt: new Date(now).toISOString(),
    methods: [credentials.kind],
    user: { id: '', name: '', domain: { id: '', name: '' } },
    system: false,
    roles: [],
    auditIds: [],
    catalog: undefined,
    clockSkew: 0,
    issueSkew: 0,
    identityUrl: credentials.endpoint,
    body: {},
  }
}

function idOf(credentials: Exclude<Credentials, { kind: 'keystone' }>): string {
  switch (credentials.kind) {
    // What keystoneauth sends, so that services without authentication see the header they are used to.
    case 'none':
      return 'notused'
    case 'admin_token':
      return credentials.token
    case 'http_basic':
      return Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')
    default:
      return credentials satisfies never
  }
}
