import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Call, Header } from './call.ts'
import { parseQuery } from './call.ts'
import type { Reply } from './reply.ts'
import { sendReply } from './reply.ts'

/** A request that the sandbox got. */
export type RecordedRequest = {
  readonly method: string
  /** As sent, with the query. */
  readonly path: string
  /** As sent, in order. */
  readonly headers: readonly Header[]
  /** What of the body was read. */
  readonly body: Buffer
}

/** Listens on 127.0.0.1 and answers each request by `answer`. */
export async function startServer(options: {
  readonly port: number
  readonly answer: (call: Call) => Promise<Reply> | Reply
  /** Called with each request when it comes in. */
  readonly record?: (request: RecordedRequest) => void
}): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 })
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void respond(request, response, options)
  }
  server.on('request', handle)
  server.on('checkContinue', handle)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return { server, port: (server.address() as AddressInfo).port }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, record }: Pick<Parameters<typeof startServer>[0], 'answer' | 'record'>,
): Promise<void> {
  // The real Keystone sends no Date; the small Swift makes its own by the sandbox's clock.
  response.sendDate = false
  const chunks: Buffer[] | undefined = record && []
  const call = toCall(request, response, chunks)
  record?.({
    method: call.method,
    path: request.url ?? '',
    headers: call.headers,
    get body() {
      return Buffer.concat(chunks ?? [])
    },
  })
  let reply: Reply
  try {
    reply = await answer(call)
  } catch (error) {
    if (request.destroyed || response.destroyed) return
    reply = {
      status: 500,
      headers: [['Content-Type', 'text/plain']],
      body: `The sandbox has a fault: ${String(error)}`,
    }
  }
  // Who was not told to go on may send the body or not: nobody knows where the next request begins.
  const unread = request.headers.expect !== undefined && !request.readableDidRead
  await sendReply(
    response,
    unread ? { ...reply, headers: [...reply.headers, ['Connection', 'close']] } : reply,
    call.method,
  )
}

function toCall(request: IncomingMessage, response: ServerResponse, chunks: Buffer[] | undefined): Call {
  const { method = '', rawHeaders, headers } = request
  // A proxy's form of the request line names the host too.
  const target = (request.url ?? '').replace(/^[a-z]+:\/\/[^/?]*/i, '')
  const mark = target.indexOf('?')
  const pairs: Header[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''])
  const length = headers['content-length']
  return {
    method,
    path: mark < 0 ? target : target.slice(0, mark),
    ...parseQuery(mark < 0 ? '' : target.slice(mark + 1)),
    headers: pairs,
    header(name) {
      const value = headers[name.toLowerCase()]
      return Array.isArray(value) ? value[0] : value
    },
    length: length === undefined ? undefined : Number(length),
    chunked: headers['transfer-encoding'] !== undefined,
    body: {
      async *[Symbol.asyncIterator]() {
        if (headers.expect !== undefined) response.writeContinue()
        for await (const chunk of request) {
          const bytes = Buffer.from(chunk as Uint8Array)
          chunks?.push(bytes)
          yield bytes
        }
      },
    },
    origin: `${headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'}://${headers.host ?? '127.0.0.1'}`,
  }
}
