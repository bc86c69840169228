import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server answers; `destroy` breaks the connection instead, `silence` never comes. */
export type Answer =
  | {
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly json?: unknown
      readonly text?: string
    }
  | 'destroy'
  | 'silence'

/** A server on a loopback port that asks `answer` what to say to its request number `count`, from 1. */
export async function answeringServer(
  answer: (count: number, request: IncomingMessage) => Answer,
): Promise<AsyncDisposable & { readonly url: string; readonly methods: readonly string[] }> {
  const methods: string[] = []
  const server = createServer((request, response) => {
    methods.push(request.method ?? '')
    const said = answer(methods.length, request)
    if (said === 'destroy') request.socket.destroy()
    if (typeof said === 'string') return
    const body = said.text ?? (said.json === undefined ? '' : JSON.stringify(said.json))
    response.writeHead(said.status ?? 200, { 'Content-Type': 'application/json', ...said.headers })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    methods,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
