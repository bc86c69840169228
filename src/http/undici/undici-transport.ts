import type { Dispatcher } from 'undici'
import type {
  HeaderList,
  HttpRequest,
  HttpResponse,
  SendOptions,
  ServerCertificate,
  TlsOptions,
  Transport,
} from '../../model/exchange.ts'
import { headerOf, mostKept } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import { requestTarget } from '../../util/request-target.ts'
import { withoutEnd } from '../../util/text/text-end.ts'
import { type Authorities, findAuthorities } from '../authorities.ts'
import type { BodySink } from '../body-sink.ts'
import { createFileSink, createMemorySink, withFacts } from '../body-sink.ts'
import { checkRequest } from '../check-request.ts'
import { fromHeaderBytes, toHeaderBytes } from '../header-text.ts'
import { onAbort } from '../on-abort.ts'
import { type Pace, tooLong, watchPace } from '../pace.ts'
import { isDeadConnection, isLengthMismatch, toAbortError, toTransportError } from '../transport-error.ts'
import type { Sending } from './connector.ts'
import { createDispatchers } from './dispatchers.ts'
import { outgoingBody } from './outgoing-body.ts'

/** Settings of a transport. */
export type TransportOptions = {
  readonly tls: TlsOptions
  /** Where proxies and lists of authorities are looked up; nowhere unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Milliseconds for a whole exchange; as long as it goes on unless given. */
  readonly timeout?: number
  /** Milliseconds within which a head has to come, and in which a transfer must not stand still; 60 seconds unless given. */
  readonly stillness?: number
  /** The longest body that stays in memory, in bytes; `mostKept` unless given. */
  readonly keepBytes?: number
  /** Connections for each origin; 64 unless given. */
  readonly connections?: number
}

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

type Exchange = {
  readonly request: HttpRequest
  readonly url: URL
  readonly sendOptions: SendOptions
  readonly options: TransportOptions
  readonly authorities: Authorities
  certificate(url: URL): ServerCertificate | undefined
}

function isRefusal(error: unknown): boolean {
  return error instanceof OsrunError && error.code === 'CONNECTION_REFUSED'
}

/** The connection died before the first byte of an answer. */
class DeadConnection extends Error {}

async function sendOnce(
  dispatcher: Sending,
  { request, url, sendOptions, options, authorities, certificate: certificateOf }: Exchange,
): Promise<HttpResponse> {
  const { signal } = sendOptions
  if (signal.aborted) throw toAbortError(signal)
  const keep = (): BodySink => createMemorySink(options.keepBytes ?? mostKept)
  const outgoing = await outgoingBody(request)
  const started = performance.now()
  return new Promise<HttpResponse>((resolve, reject) => {
    let abort: ((error: Error) => void) | undefined
    let status = 0
    let reason = ''
    let headers: HeaderList = []
    let settled = false
    let stopped: OsrunError | undefined
    // A file that cannot be written is told before anything is sent.
    let sink = request.saveTo === undefined ? keep() : createFileSink(request.saveTo)
    const timeout = sendOptions.timeout ?? options.timeout
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => stop(tooLong(request.method, url.origin, timeout)), timeout)
    let pace: Pace | undefined
    const callOff = onAbort(signal, () => stop(toAbortError(signal)))
    const settle = (): void => {
      settled = true
      clearTimeout(timer)
      pace?.end()
      callOff()
    }
    const complete = (): void => {
      if (settled) return
      settle()
      try {
        const { facts, body } = sink.end()
        const sent = outgoing.facts?.()
        const duration = performance.now() - started
        const { sentSize } = outgoing
        const certificate = certificateOf(url)
        const response = {
          status,
          reason,
          headers,
          body,
          duration,
          ...(sent && { sent }),
          ...(sentSize !== undefined && { sentSize }),
          ...(certificate && { certificate }),
        }
        resolve(withFacts(response, facts))
      } catch (error) {
        sink.discard()
        reject(error)
      }
    }
    const fail = (error: unknown): void => {
      if (settled) return
      settle()
      outgoing.stream?.destroy()
      const problem =
        stopped ??
        (status === 0 && isDeadConnection(error)
          ? new OsrunError(
              'CONNECTION_LOST',
              phrase`${url.origin} closed the connection without an answer.`,
              {
                cause: new DeadConnection(String(error)),
              },
            )
          : toTransportError(error, url, options.tls, authorities))
      sink.discard()
      reject(problem)
    }
    function stop(problem: OsrunError): void {
      if (settled) return
      stopped = problem
      if (abort) abort(problem)
      // Nothing has been connected yet: undici is told when it asks.
      else fail(problem)
    }
    const handler = {
      onConnect(abortRequest: (error: Error) => void) {
        if (settled) abortRequest(stopped ?? new Error('given up'))
        abort = abortRequest
        if (!settled) pace ??= watchPace({ ...request, stillness: options.stillness }, stop)
      },
      onHeaders(
        statusCode: number,
        rawHeaders: readonly Buffer[],
        _resume: () => void,
        statusText: string,
      ): boolean {
        if (statusCode < 200) return true
        status = statusCode
        reason = statusText
        headers = toHeaderList(rawHeaders)
        pace?.head()
        sendOptions.onHead?.(status, headers)
        if (request.saveTo !== undefined && status > 299) {
          // What an error or a redirect says is for who reads the answer, not for the file.
          sink.discard()
          sink = keep()
        }
        // Swift answers a HEAD that it refuses with the end of a chunked body: it would be taken for the next answer.
        if (request.method === 'HEAD' && headerOf(headers, 'Transfer-Encoding') !== undefined) {
          complete()
          abort?.(new Error('the connection is not used again'))
        }
        return true
      },
      onBodySent(chunk: Uint8Array) {
        pace?.sent(chunk.length)
      },
      onData(chunk: Buffer): boolean {
        pace?.received(chunk.length)
        sink.write(chunk)
        return true
      },
      onComplete: complete,
      onError(error: Error) {
        // A 304 may tell the length of what it does not send; undici takes that for a body cut short.
        if ((status === 204 || status === 304) && isLengthMismatch(error)) complete()
        else fail(error)
      },
    }
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
      fail(error)
    }
  })
}

function isSent([name]: HeaderList[number]): boolean {
  return !/^(host|content-length)$/i.test(name)
}

function rawHeaders(headers: HeaderList): string[] {
  const raw: string[] = []
  for (const [name, value] of headers) raw.push(name, toHeaderBytes(value))
  return raw
}

function toHeaderList(raw: readonly Buffer[]): HeaderList {
  const headers: [string, string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2)
    headers.push([
      raw[index]?.toString('latin1') ?? '',
      fromHeaderBytes(withoutBlanks(raw[index + 1]?.toString('latin1') ?? '')),
    ])
  return headers
}

// undici leaves the blanks at the end, which are no part of a value: https://www.rfc-editor.org/rfc/rfc9110#section-5.5
function withoutBlanks(value: string): string {
  return withoutEnd(value, ' \t')
}
