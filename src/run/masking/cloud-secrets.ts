import type { CurlName } from '../../http/curl-line/curl-splice.ts'
import type { Cloud } from '../../model/cloud.ts'
import { mapSecrets } from '../../openstack/config/map-secrets.ts'
import type { Masker } from '../../secrets/masker.ts'
import { passwordOfUrl } from '../../util/secret-names.ts'

/**
 * Hides the cloud's secrets, each under the name of its OS_* variable, and gives back the URLs that may
 * stand as a variable in curl lines: OS_AUTH_URL when the caller's shell holds it.
 */
export function learnCloud({ credentials, valueSources }: Cloud, masker: Masker): CurlName[] {
  mapSecrets(credentials, (secret, variable) => {
    masker.learn(secret, variable)
    return secret
  })
  if (credentials.kind === 'http_basic') {
    const { username, password } = credentials
    masker.learn(Buffer.from(`${username}:${password}`).toString('base64'), 'basic_credentials')
  }
  return valueSources.flatMap(({ option, value, variable }) =>
    option === 'auth_url' && variable !== undefined ? [{ value, variable, secret: false }] : [],
  )
}

/** Hides the passwords of proxies, which stand in the URLs of variables, as they are written there and as they are sent. */
export function learnProxies(
  environment: Readonly<Record<string, string | undefined>> | undefined,
  masker: Masker,
): void {
  for (const [name, url = ''] of Object.entries(environment ?? {})) {
    const password = /_proxy$/i.test(name) ? passwordOfUrl(url) : undefined
    if (password === undefined) continue
    masker.learn(password)
    if (!URL.canParse(url)) continue
    const { username, password: written } = new URL(url)
    const sent = Buffer.from(
      `${username}:${written}`.replace(/%([0-9a-f]{2})/gi, (_all, hex) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
      'latin1',
    )
    masker.learn(sent.toString('base64'))
    masker.learn(sent.subarray(sent.indexOf(':') + 1).toString('utf8'))
  }
}
