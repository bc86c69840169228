import { createTransport } from '../../src/library/index.ts'
import type { Transport } from '../../src/model/exchange.ts'
import { type Answer, answeringServer } from './answering-server.ts'

/** A transport in whose way something stands that answers so many requests of a method itself; then they pass. */
export async function busyTransport(
  method: string,
  times: number,
  answer: Answer = { status: 503 },
): Promise<Transport & AsyncDisposable> {
  const server = await answeringServer(() => answer)
  const transport = createTransport({ tls: { insecure: false } })
  let left = times
  return {
    ...transport,
    send: (request, options) =>
      transport.send(
        request.method === method && left-- > 0 ? { ...request, url: server.url } : request,
        options,
      ),
    async [Symbol.asyncDispose]() {
      await transport.close()
      await server[Symbol.asyncDispose]()
    },
  }
}
