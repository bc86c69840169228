import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A cloud that does as its paths say, and revokes tokens or does not. */
export type FailingCloud = AsyncDisposable & {
  readonly environment: Readonly<Record<string, string>>
  /** Whether tokens can be revoked; they can from the start. */
  revokes: boolean
  /** What happens when something asks for `/hang`, which is never answered. */
  onHang(): void
}

/** Starts it. `/slow` takes half a second; everything else is answered by 200 at once. */
export async function startFailingCloud(password: string): Promise<FailingCloud> {
  const server = createServer((request, response) => {
    request.resume()
    const reply = (status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
      response.end(body === undefined ? undefined : JSON.stringify(body))
    }
    if (request.url === '/v3/auth/tokens' && request.method === 'POST')
      return reply(201, { token: tokenOf(url) }, { 'X-Subject-Token': 'a-token-of-this-cloud' })
    if (request.url === '/v3/auth/tokens') return reply(cloud.revokes ? 204 : 500)
    if (request.url?.endsWith('/hang') === true) return cloud.onHang()
    if (request.url?.endsWith('/slow') === true) return void setTimeout(() => reply(200, {}), 500)
    reply(200, {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const cloud: FailingCloud = {
    revokes: true,
    onHang: () => {},
    environment: {
      OS_AUTH_URL: `${url}/v3`,
      OS_USERNAME: 'someone',
      OS_PASSWORD: password,
      OS_PROJECT_NAME: 'work',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return cloud
}

function tokenOf(url: string): unknown {
  return {
    methods: ['password'],
    user: { id: 'u1', name: 'someone', domain: { id: 'default', name: 'Default' } },
    project: { id: 'p1', name: 'work', domain: { id: 'default', name: 'Default' } },
    roles: [{ id: 'r1', name: 'member' }],
    issued_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    audit_ids: ['a1'],
    catalog: [
      {
        type: 'object-store',
        name: 'swift',
        id: 's1',
        endpoints: [{ id: 'e1', interface: 'public', region: 'One', region_id: 'One', url: `${url}/store` }],
      },
    ],
  }
}
