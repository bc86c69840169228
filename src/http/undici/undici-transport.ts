import type { Dispatcher } from 'undici'
import type { HeaderList, HttpResponse, Transport } from '../../model/exchange.ts'
import { OsrunError } from '../../model/problem.ts'
import { requestTarget } from '../../util/request-target.ts'
import { findAuthorities } from '../authorities.ts'
import { checkRequest } from '../check-request.ts'
import type { TransportOptions } from '../exchange.ts'
import { toHeaderBytes } from '../header-text.ts'
import { toAbortError } from '../transport-error.ts'
import { AnswerHandler, DeadConnection, type HandledExchange } from './answer-handler.ts'
import type { Sending } from './connector.ts'
import { createDispatchers } from './dispatchers.ts'
import { outgoingBody } from './outgoing-body.ts'

/**
 * Sends requests by undici's dispatcher: the path goes out as written, no header is added but Host and
 * Content-Length, bodies are not decoded. A repeatable request that meets a connection which the server has
 * closed without saying so is sent once more; one that must not be repeated never uses an old connection.
 */
export function createTransport(options: TransportOptions): Transport {
  const { tls, environment = {}, connections = 64 } = options
  const authorities = findAuthorities(tls, environment)
  const dispatchers = createDispatchers({ tls, authorities, environment, connections })
  const used = new Set<string>()
  return {
    async send(request, sendOptions) {
      const url = checkRequest(request)
      const exchange = {
        request,
        url,
        sendOptions,
        options,
        authorities,
        certificate: dispatchers.certificate,
      }
      const sendFresh = async (): Promise<HttpResponse> => {
        const fresh = await dispatchers.fresh(url)
        try {
          return await sendOnce(fresh, exchange)
        } finally {
          await fresh.destroy()
        }
      }
      const wasUsed = used.has(url.origin)
      if (!repeatable.has(request.method) && wasUsed) return sendFresh()
      used.add(url.origin)
      try {
        return await sendOnce(await dispatchers.pool(url), exchange)
      } catch (error) {
        if (!wasUsed || !(error instanceof OsrunError) || !(error.cause instanceof DeadConnection))
          throw error
        // Another connection of the pool may be as dead as this one.
        try {
          return await sendFresh()
        } catch (again) {
          // What the server has heard the first time it may have done, so that nobody may call it refused.
          throw isRefusal(again) && changing.has(request.method) ? error : again
        }
      }
    },
    close: () => dispatchers.close(),
  }
}

const changing = new Set(['PUT', 'DELETE', 'COPY'])
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'COPY'])

function isRefusal(error: unknown): boolean {
  return error instanceof OsrunError && error.code === 'CONNECTION_REFUSED'
}

async function sendOnce(dispatcher: Sending, exchange: HandledExchange): Promise<HttpResponse> {
  const { request, url, sendOptions } = exchange
  const { signal } = sendOptions
  if (signal.aborted) throw toAbortError(signal)
  const outgoing = await outgoingBody(request)
  return new Promise((resolve, reject) => {
    const handler = new AnswerHandler(exchange, outgoing, { resolve, reject })
    try {
      dispatcher.dispatch(
        {
          origin: url.origin,
          path: requestTarget(request.url),
          method: request.method as Dispatcher.HttpMethod,
          headers: rawHeaders([...request.headers.filter(isSent), ...outgoing.headers]),
          ...(outgoing.body !== undefined && { body: outgoing.body }),
          // undici would close the connection after each HEAD, for servers that send a body with the answer.
          reset: false,
        },
        handler as unknown as Dispatcher.DispatchHandler,
      )
    } catch (error) {
      handler.fail(error)
    }
  })
}

function isSent([name]: HeaderList[number]): boolean {
  return !/^content-length$/i.test(name)
}

function rawHeaders(headers: HeaderList): string[] {
  const raw: string[] = []
  for (const [name, value] of headers) raw.push(name, toHeaderBytes(value))
  return raw
}
