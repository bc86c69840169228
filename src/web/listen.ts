import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OsrunError } from '../model/problem.ts'
import { answer } from './answer.ts'

/** Answers one request; what it throws is answered with 500. */
export type Handler = (request: IncomingMessage, response: ServerResponse, port: number) => Promise<void>

/** A server that listens. */
export type Listening = {
  readonly port: number
  /** Stops listening and ends all connections. */
  close(): Promise<void>
}

/** Listens on an address and a port, 0 for any free one; throws USAGE_INVALID where it cannot. */
export async function listen(handle: Handler, host: string, port: number): Promise<Listening> {
  const server = createServer((request, response) => {
    void respond(handle, request, response, (server.address() as AddressInfo | null)?.port ?? 0)
  })
  server.headersTimeout = 10_000
  server.requestTimeout = 30_000
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
  } catch (cause) {
    throw new OsrunError('USAGE_INVALID', `Nothing can listen on ${host}, port ${port}.`, {
      hint: 'Another program may have the port, or the address may be of another machine.',
      cause,
    })
  }
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) }
}

async function respond(
  handle: Handler,
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
): Promise<void> {
  try {
    await handle(request, response, port)
  } catch {
    // What went wrong is a fault of the server, and nothing that a stranger should read.
    if (!response.headersSent) answer(response, 500, 'The server has a fault.')
    else response.destroy()
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
