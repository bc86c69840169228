import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createCurlTransport } from '../../src/library/curl.ts'
import { connect, createTransport, loadRecipe } from '../../src/library/index.ts'
import { createAuthority } from '../http/certificates.ts'
import { runToEnd } from '../run/on-sandbox.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { cloudOf, environment, facts } from './cloud.ts'
import { startNginx, type TlsFront } from './nginx.ts'
import { runSmoke } from './smoke-run.ts'

vi.setConfig({ testTimeout: 300_000 })

/** The environment of the learner, by way of a front with TLS before all services. */
async function secured(): Promise<{ readonly front: TlsFront; readonly variables: Record<string, string> }> {
  await using session = await connect({ cloud: await cloudOf(environment) })
  const { catalog = [] } = await session.token()
  const urls = catalog.flatMap(({ endpoints }) => endpoints.map(({ url }) => url))
  const origins = [...new Set([facts.authUrl, ...urls].map((url) => new URL(url).origin))]
  const authority = await createAuthority()
  const front = await startNginx(
    origins,
    [facts.swiftUrl],
    await authority.issue('IP:127.0.0.1', { days: 60 }),
  )
  onTestFinished(() => front[Symbol.asyncDispose]())
  return {
    front,
    variables: {
      ...environment,
      OS_AUTH_URL: front.secure(facts.authUrl),
      OS_CACERT: authority.certFile,
    },
  }
}

test.each([
  ['undici', createTransport],
  ['curl', createCurlTransport],
])('every shipped recipe passes behind TLS, via %s', async (_via, make) => {
  const { variables } = await secured()
  const cloud = await cloudOf(variables)
  const failures: Record<string, unknown> = {}
  for (const file of shippedRecipes) {
    const transport = make({ tls: cloud.tls, environment: { PATH: process.env.PATH } })
    const { events, result } = await runToEnd(await loadRecipe(`recipes/${file}`), { cloud, transport })
    await transport.close()
    if (result.status !== 'passed' || result.leftovers.length > 0)
      failures[file] = result.problem ?? result.leftovers
    for (const event of events)
      if (event.type === 'exchange' && event.exchange.url.startsWith('http:'))
        failures[event.exchange.url] = file
  }
  expect(failures).toEqual({})
})

test('osrun smoke passes as a whole behind TLS, and looks at each certificate', async () => {
  const { variables } = await secured()
  const home = mkdtempSync(join(tmpdir(), 'osrun-tls-smoke-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  const { status, suite } = await runSmoke({ ...variables, XDG_STATE_HOME: home })
  const failures = suite.results
    .filter((one) => one.status !== 'passed')
    .map(({ file, problem }) => [file, problem])
  expect(failures).toEqual([])
  expect(status).toBe(0)
  const certificates = suite.results.find(({ file }) => /tls-expiry/.test(file))
  expect(certificates?.steps.skipped).toBe(0)
})
