import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Call, Header, RecordedRequest } from './call.ts'
import { parseQuery } from './call.ts'
import { encodeBytes, takeOddRequests } from './odd-requests.ts'
import type { Reply } from './reply.ts'
import { sendReply } from './reply.ts'

/** Whom to ask for answers, and whom to tell of each request when it comes in. */
type Handlers = {
  readonly answer: (call: Call) => Promise<Reply> | Reply
  readonly record?: (request: RecordedRequest) => void
  /** Begun with each request, and ended when its answer is sent. */
  readonly hold?: () => Disposable
}

/** A key and its certificate, as PEM. */
export type Certificate = { readonly key: string; readonly cert: string }

/** Makes the server, with a certificate one of TLS. It does not listen yet. */
export function createSandboxServer(handlers: Handlers, certificate?: Certificate): Server {
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void respond(request, response, handlers)
  }
  // A big upload may take its time, and a connection may wait between the steps of a lesson.
  const options = { keepAliveTimeout: 60_000, requestTimeout: 0 }
  const server = certificate
    ? createTlsServer({ ...options, ...certificate }, handle)
    : createServer(options, handle)
  return takeOddRequests(server).on('checkContinue', handle)
}

/** Listens on 127.0.0.1; 0 takes any free port. Gives the port. */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, record, hold }: Handlers,
): Promise<void> {
  using _held = hold?.()
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
  const target = encodeBytes(request.url ?? '').replace(/^[a-z]+:\/\/[^/?]*/i, '')
  const mark = target.indexOf('?')
  const pairs: Header[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''])
  const length = headers['content-length']
  const isSecure =
    headers['x-forwarded-proto'] === 'https' || (request.socket as Partial<TLSSocket>).encrypted === true
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
        // A handler that stops reading still answers: the connection must outlive the loop.
        for await (const chunk of request.iterator({ destroyOnReturn: false })) {
          chunks?.push(chunk as Buffer)
          yield chunk as Buffer
        }
      },
    },
    origin: `${isSecure ? 'https' : 'http'}://${headers.host ?? '127.0.0.1'}`,
  }
}
