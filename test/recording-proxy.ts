import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that went through the proxy, and its answer. */
type Passed = {
  readonly method: string
  readonly url: string
  readonly status: number
  /** The token that the answer brought. */
  readonly token: string | undefined
  readonly body: string
}

/** What was made on a cloud: tokens by their ids, all else by the URLs under which it can be asked for. */
type Made = { readonly tokens: readonly string[]; readonly urls: readonly string[] }

/** A proxy of HTTP on the loopback that remembers what passes, for programs that obey `http_proxy`. */
export async function startRecordingProxy() {
  let passed: Passed[] = []
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    const onward = ask(url, { method, headers }, (answer) => {
      const { statusCode: status = 0, headers: answered } = answer
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const body = Buffer.concat(chunks)
        const token = answered['x-subject-token'] as string | undefined
        passed.push({ method, url, status, token, body: body.toString('utf8') })
        response.writeHead(status, answer.statusMessage, answer.rawHeaders).end(body)
      })
    })
    onward.on('error', () => response.writeHead(502).end())
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What was made since the last call. */
    takeMade(): Made {
      const taken = passed
      passed = []
      return {
        tokens: taken.flatMap(({ token, method }) =>
          token !== undefined && method === 'POST' ? [token] : [],
        ),
        urls: [...new Set(taken.flatMap(madeBy))],
      }
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

// A PUT makes what is at its URL, a POST what the id in its answer names.
function madeBy({ method, url, status, body }: Passed): readonly string[] {
  if (status >= 300) return []
  if (method === 'PUT') return [url]
  if (method !== 'POST' || !body.startsWith('{') || url.endsWith('/auth/tokens')) return []
  const answer = JSON.parse(body) as Readonly<Record<string, unknown>>
  const [made] = Object.values(answer)
  const { id } = (answer.id === undefined ? made : answer) as { readonly id?: unknown }
  return typeof id === 'string' ? [`${url}/${id}`] : []
}
