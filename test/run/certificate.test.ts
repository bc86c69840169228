import { createServer } from 'node:https'
import { beforeEach, describe, expect, test } from 'vitest'
import { createCurlTransport, createTransport } from '../../src/index.ts'
import { exported, runScript, shells } from '../export/shell.ts'
import { createAuthority } from '../http/certificates.ts'
import { listen } from '../http/raw-server.ts'
import { needs } from '../needs.ts'
import { loadRecipe, recipeOf, runToEnd } from './on-sandbox.ts'
import { startSmallKeystone } from './small-keystone.ts'

needs('openssl', 'curl', 'jq', 'dash')

let authority: ReturnType<typeof createAuthority>
beforeEach(() => {
  authority = createAuthority()
})

/** A TLS server whose certificate is good for two days, or was until yesterday. */
async function secureServer(options: { readonly expired?: boolean } = {}): Promise<string> {
  const server = createServer(
    authority.issue('IP:127.0.0.1', { ...options, subject: '/C=FR/O=Test, Inc/CN=Test' }),
    (_request, response) => {
      response.writeHead(401).end()
    },
  )
  server.on('tlsClientError', () => {})
  return `https://127.0.0.1:${await listen(server)}`
}

/** A Keystone whose catalog has these public URLs besides its own. */
async function keystoneWith(urls: readonly string[]) {
  const endpoint = (url: string) => ({ id: url, interface: 'public', region: 'R', url })
  const keystone = await startSmallKeystone({
    other(_asked, response) {
      const all = [`${keystone.base}/v3`, ...urls].map(endpoint)
      const catalog = [{ type: 'identity', endpoints: all }]
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ catalog }))
    },
  })
  return keystone
}

const time = "{ pattern: '^20[0-9-]{8}T[0-9:]{8}Z$' }"

const lookingAt = (url: string): string => `osrun: 1
name: Look at a certificate
steps:
  - authenticate:
  - request: { url: "GET ${url}/", token: false, expect: 401 }
  - assert:
      context:
        response.certificate.subject: C=FR, O=Test\\, Inc, CN=Test
        response.certificate.issuer: CN=Test authority
        response.certificate.valid_from: ${time}
        response.certificate.valid_to: ${time}
        response.certificate.days_left: 1
`

const transports = { undici: createTransport, curl: createCurlTransport }

describe.each(Object.keys(transports) as (keyof typeof transports)[])('by %s', (via) => {
  const run = async (
    recipe: Awaited<ReturnType<typeof recipeOf>>,
    urls: readonly string[],
    { insecure = false, days = 1 }: { readonly insecure?: boolean; readonly days?: number } = {},
  ) => {
    const keystone = await keystoneWith(urls)
    const cloud = { ...(await keystone.cloud()), tls: { insecure, cacert: authority.certFile } }
    const transport = transports[via]({ tls: cloud.tls, environment: { PATH: process.env.PATH } })
    const inputs = recipe.inputs.length === 0 ? {} : { days }
    const { result, events } = await runToEnd(recipe, { cloud, transport, inputs, wait: async () => {} })
    await transport.close()
    return { result, events }
  }
  const expiry = () => loadRecipe('recipes/smoke/tls-expiry.yaml')

  test('a certificate tells whose it is, who gave it, and its days', async () => {
    const { result } = await run(await recipeOf(lookingAt(await secureServer())), [])
    expect(result.problem).toBeUndefined()
  })

  test('one that is good for long enough passes', async () => {
    const { result } = await run(await expiry(), [await secureServer(), await secureServer()])
    expect(result.problem).toBeUndefined()
    expect(result.steps).toMatchObject({ passed: 4, skipped: 0 })
  })

  test('one that is not does not', async () => {
    const { result, events } = await run(await expiry(), [await secureServer()], { days: 14 })
    expect(result).toMatchObject({ exit: 4, problem: { code: 'FAIL_IF_MET' } })
    expect(JSON.stringify(events)).toContain('response.certificate.days_left')
  })

  test('one that has expired is refused, and with --insecure it has less than no days', async () => {
    const urls = [await secureServer({ expired: true })]
    expect((await run(await expiry(), urls)).result).toMatchObject({
      exit: 3,
      problem: { code: 'TLS_FAILED' },
    })
    const { result, events } = await run(await expiry(), urls, { insecure: true })
    expect(result).toMatchObject({ exit: 4, problem: { code: 'FAIL_IF_MET' } })
    expect(JSON.stringify(events)).toMatch(/"found":"-[12]"/)
  })
})

test('where no endpoint is https, nothing is looked at', async () => {
  const keystone = await keystoneWith([])
  const { result } = await runToEnd(await loadRecipe('recipes/smoke/tls-expiry.yaml'), {
    cloud: await keystone.cloud(),
  })
  expect(result).toMatchObject({ status: 'passed', steps: { passed: 2, skipped: 2 } })
})

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
      const keystone = await keystoneWith([await secureServer(options)])
      const script = await exported(await loadRecipe('recipes/smoke/tls-expiry.yaml'))
      const trust = insecure ? { OS_INSECURE: 'true' } : { OS_CACERT: authority.certFile }
      const environment = { ...keystone.environment, ...trust, days: String(days) }
      const ended = await runScript(script, shell, environment)
      expect(ended).toMatchObject({ status, stderr: expect.stringContaining(told) })
    },
  )

  test('a certificate tells the same', async () => {
    const keystone = await keystoneWith([])
    const script = await exported(await recipeOf(lookingAt(await secureServer())))
    const environment = { ...keystone.environment, OS_CACERT: authority.certFile }
    expect(await runScript(script, shell, environment)).toMatchObject({ status: 0 })
  })
})
