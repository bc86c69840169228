import { beforeEach, describe, expect, test } from 'vitest'
import { createCurlTransport } from '../../src/library/curl.ts'
import { exported, runScript, shells } from '../export/shell.ts'
import { type Authority, createAuthority } from '../http/certificates.ts'
import { describeCertificates, keystoneWith, lookingAt, secureServer } from './certificates.ts'
import { loadRecipe, recipeOf } from './on-sandbox.ts'

let authority: Authority
beforeEach(async () => {
  authority = await createAuthority()
})

describeCertificates('curl', createCurlTransport)

describe.each(shells)('exported to %s', (...shell) => {
  test.each([
    [1, {}, 0, ''],
    [14, {}, 4, 'response.certificate.days_left'],
    [1, { expired: true }, 3, 'certificate has expired'],
    [1, { expired: true, insecure: true }, 4, 'response.certificate.days_left'],
  ] as const)(
    '%s days are wanted of %o',
    async (days, {
      insecure = false,
      ...options
    }: { readonly insecure?: boolean; readonly expired?: boolean }, status, told) => {
      const keystone = await keystoneWith([await secureServer(authority, options)])
      const script = await exported(await loadRecipe('recipes/smoke/tls-expiry.yaml'))
      const trust = insecure ? { OS_INSECURE: 'true' } : { OS_CACERT: authority.certFile }
      const environment = { ...keystone.environment, ...trust, days: String(days) }
      const ended = await runScript(script, shell, environment)
      expect(ended).toMatchObject({ status, stderr: expect.stringContaining(told) })
    },
  )

  test('a certificate tells the same', async () => {
    const keystone = await keystoneWith([])
    const script = await exported(await recipeOf(lookingAt(await secureServer(authority))))
    const environment = { ...keystone.environment, OS_CACERT: authority.certFile }
    expect(await runScript(script, shell, environment)).toMatchObject({ status: 0 })
  })
})
