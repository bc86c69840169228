import type { CurlName } from '../http/curl.ts'
import type { Cloud, IdentityMethod } from '../model/cloud.ts'
import type { Masker } from '../secrets/masker.ts'

/**
 * Hides the cloud's secrets, each under the name of its OS_* variable, and gives back the URLs that may
 * stand as a variable in curl lines: OS_AUTH_URL when the caller's shell holds it.
 */
export function learnCloud(cloud: Cloud, masker: Masker): CurlName[] {
  const { credentials } = cloud
  switch (credentials.kind) {
    case 'keystone':
      for (const method of credentials.methods) learnMethod(method, masker)
      break
    case 'http_basic':
      masker.learn(credentials.password, 'OS_PASSWORD')
      masker.learn(
        Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64'),
        'basic_credentials',
      )
      break
    case 'admin_token':
      masker.learn(credentials.token, 'OS_TOKEN')
      break
    case 'none':
      break
    default:
      credentials satisfies never
  }
  return cloud.origins.flatMap(({ option, value, variable }) =>
    option === 'auth_url' && variable !== undefined ? [{ value, variable, secret: false }] : [],
  )
}

function learnMethod(method: IdentityMethod, masker: Masker): void {
  const [secret, variable] = secretOf(method)
  masker.learn(secret, variable)
}

function secretOf(method: IdentityMethod): readonly [secret: string, variable: string] {
  switch (method.kind) {
    case 'password':
      return [method.password, 'OS_PASSWORD']
    case 'token':
      return [method.token, 'OS_TOKEN']
    case 'totp':
      return [method.passcode, 'OS_PASSCODE']
    case 'application_credential':
      return [method.secret, 'OS_APPLICATION_CREDENTIAL_SECRET']
    default:
      return method satisfies never
  }
}
