import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it came, without what belongs to the connection or to the client program. */
export type Recorded = {
  readonly method: string
  readonly path: string
  /** Sorted lines; they and the body have a character for each byte, since bytes are compared. */
  readonly headers: readonly string[]
  readonly body: string
}

/** A server on the loopback that records all that comes, and is Keystone below `/keystone/NAME/v3`. */
export async function startRecordingServer() {
  let recorded: Recorded[] = []
  const server = createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', rawHeaders } = request
      recorded.push({
        method,
        path,
        headers: headersOf(rawHeaders),
        body: Buffer.concat(chunks).toString('latin1'),
      })
      const [, name] = /^\/keystone\/(\w+)\/v3\/auth\/tokens$/.exec(path) ?? []
      if (name === undefined || method === 'HEAD') response.end(path === '/saved' ? 'the body' : '')
      else if (method === 'DELETE') response.writeHead(204).end()
      else {
        response.writeHead(201, {
          'Content-Type': 'application/json',
          'X-Subject-Token': `token-of-${name}-${'x'.repeat(20)}`,
        })
        response.end(tokenBody(`${base}/v1`))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    base,
    /** All that came since the last call. */
    take(): readonly Recorded[] {
      const taken = recorded
      recorded = []
      return taken
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function headersOf(raw: readonly string[]): readonly string[] {
  const lines = raw.flatMap((name, index) =>
    index % 2 === 0
      ? [`${name.replace(/^content-length$/i, 'content-length')}: ${raw[index + 1]?.trim()}`]
      : [],
  )
  return lines.filter((line) => !/^(host|user-agent|connection|accept: \*\/\*)/i.test(line)).sort()
}

function tokenBody(endpoint: string): string {
  const now = Date.now()
  return JSON.stringify({
    token: {
      methods: ['password'],
      user: { id: 'u', name: 'someone', domain: { id: 'default', name: 'Default' } },
      issued_at: new Date(now).toISOString(),
      expires_at: new Date(now + 3_600_000).toISOString(),
      catalog: [
        {
          id: 's',
          type: 'object-store',
          name: 'swift',
          endpoints: [{ id: 'e', interface: 'public', region: 'R', region_id: 'R', url: endpoint }],
        },
      ],
    },
  })
}
