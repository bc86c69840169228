import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What becomes of a request: an answer with this status, after so many milliseconds, or it goes on, to another server where
 * one is given.
 */
export type Course = { readonly status?: number; readonly delay?: number; readonly to?: string }

/**
 * A proxy on a loopback port, for `http_proxy`: it asks `decide` about the URL of each request. The Host that was asked
 * for goes along to whichever server answers.
 */
export async function startBetween(
  decide: (url: URL) => Course,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((asked, answer) => {
    const url = new URL(asked.url ?? '')
    const course = decide(url)
    const { status } = course
    if (status !== undefined) {
      asked.resume()
      setTimeout(
        () => answer.writeHead(status, { 'Content-Type': 'text/plain' }).end('out of service\n'),
        course.delay ?? 0,
      )
    } else pass(asked, answer, new URL(`${url.pathname}${url.search}`, course.to ?? url))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function pass(asked: IncomingMessage, answer: ServerResponse, url: URL): void {
  const { hostname, port } = url
  const headers = asked.rawHeaders.filter(
    (_, at, all) => !/^(connection|proxy-connection)$/i.test(all[at - (at % 2)] ?? ''),
  )
  const path = (asked.url ?? '').replace(/^https?:\/\/[^/?#]*/i, '')
  const onward = request({ hostname, port, method: asked.method, path, headers, agent: false })
  onward.on('response', (response) => {
    answer.writeHead(response.statusCode ?? 502, response.statusMessage, response.rawHeaders)
    response.pipe(answer)
  })
  onward.on('error', () => answer.destroy())
  asked.pipe(onward)
}
