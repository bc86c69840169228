import type { Credentials, IdentityMethod } from '../../model/cloud.ts'

/** The same credentials with something else for each secret; `change` gets it with the OS_* variable that is for it. */
export function mapSecrets(
  credentials: Credentials,
  change: (secret: string, variable: string) => string,
): Credentials {
  switch (credentials.kind) {
    case 'keystone':
      return { ...credentials, methods: credentials.methods.map((method) => mapSecret(method, change)) }
    case 'http_basic':
      return { ...credentials, password: change(credentials.password, 'OS_PASSWORD') }
    case 'admin_token':
      return { ...credentials, token: change(credentials.token, 'OS_TOKEN') }
    case 'none':
      return credentials
    default:
      return credentials satisfies never
  }
}

function mapSecret(
  method: IdentityMethod,
  change: (secret: string, variable: string) => string,
): IdentityMethod {
  switch (method.kind) {
    case 'password':
      return { ...method, password: change(method.password, 'OS_PASSWORD') }
    case 'token':
      return { ...method, token: change(method.token, 'OS_TOKEN') }
    case 'totp':
      return { ...method, passcode: change(method.passcode, 'OS_PASSCODE') }
    case 'application_credential':
      return { ...method, secret: change(method.secret, 'OS_APPLICATION_CREDENTIAL_SECRET') }
    default:
      return method satisfies never
  }
}
