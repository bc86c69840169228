import { createServer } from 'node:https'
import { beforeEach, describe, expect, test } from 'vitest'
import type { createTransport } from '../../src/library/index.ts'
import { type Authority, createAuthority } from '../http/certificates.ts'
import { listen } from '../http/raw-server.ts'
import { loadRecipe, recipeOf, runToEnd } from './on-sandbox.ts'
import { startSmallKeystone } from './small-keystone.ts'

/** A TLS server whose certificate is good for two days, or was until yesterday. */
export async function secureServer(
  authority: Authority,
  options: { readonly expired?: boolean } = {},
): Promise<string> {
  const server = createServer(
    await authority.issue('IP:127.0.0.1', { ...options, subject: 'C=FR, O=Test\\, Inc, CN=Test' }),
    (_request, response) => {
      response.writeHead(401).end()
    },
  )
  server.on('tlsClientError', () => {})
  return `https://127.0.0.1:${await listen(server)}`
}

/** A Keystone whose catalog has these public URLs besides its own. */
export async function keystoneWith(urls: readonly string[]) {
  const endpoint = (url: string) => ({ id: url, interface: 'public', region: 'R', url })
  const keystone = await startSmallKeystone({
    login(_asked, response) {
      const all = [`${keystone.base}/v3`, ...urls].map(endpoint)
      const { token } = JSON.parse(keystone.tokenBody()) as { readonly token: object }
      const body = { token: { ...token, catalog: [{ type: 'identity', name: 'keystone', endpoints: all }] } }
      response.writeHead(201, keystone.headersOf(keystone.nextToken())).end(JSON.stringify(body))
    },
  })
  return keystone
}

const time = "{ pattern: '^20[0-9-]{8}T[0-9:]{8}Z$' }"

/** A recipe that asks an address, and says what its certificate is. */
export const lookingAt = (url: string): string => `osrun: 1
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

/** What a run tells of certificates, by one of the transports. */
export function describeCertificates(via: string, createVia: typeof createTransport): void {
  describe(`by ${via}`, () => {
    let authority: Authority
    beforeEach(async () => {
      authority = await createAuthority()
    })

    const run = async (
      recipe: Awaited<ReturnType<typeof recipeOf>>,
      urls: readonly string[],
      { insecure = false, days = 1 }: { readonly insecure?: boolean; readonly days?: number } = {},
    ) => {
      const keystone = await keystoneWith(urls)
      const cloud = { ...(await keystone.cloud()), tls: { insecure, cacert: authority.certFile } }
      const transport = createVia({ tls: cloud.tls, environment: { PATH: process.env.PATH } })
      const inputs = recipe.inputs.length === 0 ? {} : { days }
      const { result, events } = await runToEnd(recipe, { cloud, transport, inputs, wait: async () => {} })
      await transport.close()
      return { result, events }
    }
    const expiry = () => loadRecipe('recipes/smoke/tls-expiry.yaml')

    test('a certificate tells whose it is, who gave it, and its days', async () => {
      const { result } = await run(await recipeOf(lookingAt(await secureServer(authority))), [])
      expect(result.problem).toBeUndefined()
    })

    test('one that is good for long enough passes', async () => {
      const { result } = await run(await expiry(), [
        await secureServer(authority),
        await secureServer(authority),
      ])
      expect(result.problem).toBeUndefined()
      expect(result.steps).toMatchObject({ passed: 2, skipped: 0 })
    })

    test('one that is not does not', async () => {
      const { result, events } = await run(await expiry(), [await secureServer(authority)], { days: 14 })
      expect(result).toMatchObject({ exit: 4, problem: { code: 'FAIL_IF_MET' } })
      expect(JSON.stringify(events)).toContain('response.certificate.days_left')
    })

    test('one that has expired is refused, and with --insecure it has less than no days', async () => {
      const urls = [await secureServer(authority, { expired: true })]
      expect((await run(await expiry(), urls)).result).toMatchObject({
        exit: 3,
        problem: { code: 'TLS_FAILED' },
      })
      const { result, events } = await run(await expiry(), urls, { insecure: true })
      expect(result).toMatchObject({ exit: 4, problem: { code: 'FAIL_IF_MET' } })
      expect(JSON.stringify(events)).toMatch(/"found":"-[12]"/)
    })
  })
}
