import { expect, test } from 'vitest'
import { learnProxies } from '../../src/run/masking/cloud-secrets.ts'
import { createMasker } from '../../src/secrets/masker.ts'

test.each(['HTTPS_PROXY', 'http_proxy', 'all_proxy'])(
  'the password in %s is hidden, as it is written and sent',
  (name) => {
    const masker = createMasker()
    learnProxies({ [name]: 'http://user:pass%40word@proxy.test:3128', LANG: 'http://a:innocent@b' }, masker)
    const sent = Buffer.from('user:pass@word').toString('base64')
    expect(masker.mask(`Unsupported proxy syntax in http://user:pass%40word@proxy.test`)).not.toContain(
      'word',
    )
    expect(masker.mask(`it is pass@word, proxy-authorization: Basic ${sent}`)).toBe(
      'it is ***, proxy-authorization: Basic ***',
    )
    expect(masker.mask('innocent')).toBe('innocent')
  },
)

test('the password in the URL of a proxy that is none is hidden, too', () => {
  const masker = createMasker()
  learnProxies({ http_proxy: 'http://user:pass-word@[::1' }, masker)
  expect(masker.mask("curl: (5) Unsupported proxy syntax in 'http://user:pass-word@[::1'")).not.toContain(
    'pass-word',
  )
})
