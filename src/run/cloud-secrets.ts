import type { CurlName } from '../http/curl.ts'
import type { Cloud } from '../model/cloud.ts'
import { mapSecrets } from '../openstack/map-secrets.ts'
import type { Masker } from '../secrets/masker.ts'

/**
 * Hides the cloud's secrets, each under the name of its OS_* variable, and gives back the URLs that may
 * stand as a variable in curl lines: OS_AUTH_URL when the caller's shell holds it.
 */
export function learnCloud({ credentials, origins }: Cloud, masker: Masker): CurlName[] {
  mapSecrets(credentials, (secret, variable) => {
    masker.learn(secret, variable)
    return secret
  })
  if (credentials.kind === 'http_basic') {
    const { username, password } = credentials
    masker.learn(Buffer.from(`${username}:${password}`).toString('base64'), 'basic_credentials')
  }
  return origins.flatMap(({ option, value, variable }) =>
    option === 'auth_url' && variable !== undefined ? [{ value, variable, secret: false }] : [],
  )
}
