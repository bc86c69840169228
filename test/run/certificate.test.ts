import { expect, test } from 'vitest'
import { createTransport } from '../../src/library/index.ts'
import { describeCertificates, keystoneWith } from './certificates.ts'
import { loadRecipe, runToEnd } from './on-sandbox.ts'

describeCertificates('undici', createTransport)

test('where no endpoint is https, nothing is looked at', async () => {
  const keystone = await keystoneWith([])
  const { result } = await runToEnd(await loadRecipe('recipes/smoke/tls-expiry.yaml'), {
    cloud: await keystone.cloud(),
  })
  expect(result).toMatchObject({ status: 'passed', steps: { passed: 1, skipped: 1 } })
})
