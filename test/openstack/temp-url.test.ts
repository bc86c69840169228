import { expect, test } from 'vitest'
import { tempUrl } from '../../src/openstack/temp-url.ts'

const grant = {
  url: 'https://cloud.example/v1/AUTH_p1/c1/o%201.txt',
  method: 'GET',
  key: 'MYKEY',
  expires: 1_767_225_600,
  digest: 'sha256',
} as const
const base64 = 'y985HlqApkyvNB9tyMp4ozBNnM3nhgZ5YggwHv0EsZAP9BxVI6mS1ke4h1TsvOLuC1yDVtISza/GtK+EVn5Xtw=='

// Computed by Swift's own get_hmac.
test.each([
  ['sha256', {}, '91841e615f1840b335ec146d461c8f7b0c7779e2cc8ed902f779c2b551db1cec'],
  ['sha1', { digest: 'sha1' }, 'a5a3324a5a144f171132fa8fe454142dfa500ae7'],
  ['sha512', { digest: 'sha512' }, Buffer.from(base64, 'base64').toString('hex')],
  [
    'a network',
    { ipRange: '1.2.3.0/24' },
    '27b5617b1b939357efd00bd0f2bcfba21fd9d0a9b39eab2638a8e3fbe0222301',
  ],
  [
    'a prefix',
    { url: 'https://cloud.example/v1/AUTH_p1/c1/pretty', prefix: 'pre' },
    'c577359d391c96c0168482bb99b629b168e318c9426087afc27fcfbda5ca9359',
  ],
  [
    'a gateway before the version',
    { url: 'https://cloud.example/swift/v1/AUTH_p1/c1/o%201.txt' },
    '91841e615f1840b335ec146d461c8f7b0c7779e2cc8ed902f779c2b551db1cec',
  ],
] as const)('signs as Swift does: %s', (_name, more, signature) => {
  expect(tempUrl({ ...grant, ...more })?.signature).toBe(signature)
})

test('the URL keeps its own query and tells what was signed', () => {
  const { url, signature } =
    tempUrl({ ...grant, url: `${grant.url}?inline`, prefix: 'o ', ipRange: '::1/128' }) ?? {}
  expect(url).toBe(
    `${grant.url}?inline&temp_url_sig=${signature}&temp_url_expires=1767225600&temp_url_prefix=o%20&temp_url_ip_range=%3A%3A1%2F128`,
  )
})

test.each([
  'https://cloud.example/v1/AUTH_p1/c1',
  'https://cloud.example/v1/AUTH_p1/c1/',
  'https://cloud.example/v2/AUTH_p1/c1/o',
  'https://cloud.example/v1/AUTH_p1/c1/%ff',
  '/v1/AUTH_p1/c1/o',
])('%s is no object', (url) => {
  expect(tempUrl({ ...grant, url })).toBeUndefined()
})

test('a prefix that the object does not have cannot be signed', () => {
  expect(tempUrl({ ...grant, prefix: 'x' })).toBeUndefined()
})
