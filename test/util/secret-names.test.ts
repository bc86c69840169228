import { describe, expect, test } from 'vitest'
import { isSecretName, isSecretVariable, passwordOfUrl } from '../../src/util/secret-names.ts'

describe('a name is that of a secret', () => {
  test.each(
    `password Password PASSWORD passwords adminPass admin_pass user_password auth_password ipmi_password original_password
    passphrase passcode psk secret secrets client_secret clientSecret secret_key access_key accessKey private_key auth_key
    oauth_token_secret token tokens access_token refreshToken api_key apikey apiKey API-KEY X-Api-Key X-Auth-Token X-Auth-Key
    X-Storage-Pass X-CSRF-Token X-CSRFToken X-XSRF-TOKEN Authorization Proxy-Authorization Cookie Set-Cookie
    OpenStack-Auth-Receipt X-Container-Sync-Key X-Account-Meta-Temp-URL-Key X-Container-Meta-Temp-URL-Key-2 temp_url_key
    X-Amz-Security-Token MYSQL_PWD PGPASSWORD SSHPASS GH_PAT PIN OS_APPLICATION_CREDENTIAL_SECRET token-id`.split(
      /\s+/,
    ),
  )('%s', (name) => expect(isSecretName(name)).toBe(true))
})

describe('a name is that of none', () => {
  test.each(
    `name id key key_name public_key keypair access_key_id auth_username password_expires_at token_type secret_ref secret_type
    next_token nextPageToken continuation_token page-token max_tokens PWD OLDPWD bypass compass passed marker path pattern
    x-auth-token-expires Content-Type ETag X-Trans-Id Sec-WebSocket-Key Idempotency-Key spin pilot opinion`.split(
      /\s+/,
    ),
  )('%s', (name) => expect(isSecretName(name)).toBe(false))
})

test('of variables more are secret, since nobody knows who named them', () => {
  expect(['AWS_ACCESS_KEY_ID', 'REDIS_AUTH', 'DEPLOY_CREDENTIALS', 'PASSFILE'].every(isSecretVariable)).toBe(
    true,
  )
  expect(['HOME', 'PATH', 'LANG', 'OS_AUTH_URL', 'OS_USERNAME'].some(isSecretVariable)).toBe(false)
})

test.each([
  ['postgres://app:s3cret@db.test/app', 's3cret'],
  ['http://u:p%40ss@proxy.test:3128', 'p%40ss'],
  ['https://cloud.test:5000/v3', undefined],
  ['http://user@cloud.test/a:b@c', undefined],
])('the password in %s is %s', (url, password) => expect(passwordOfUrl(url)).toBe(password))
