import type { HeaderList, HttpResponse, ServerCertificate } from '../../model/exchange.ts'
import { headerOf, mostKept } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import { withoutEnd } from '../../util/text/text-end.ts'
import type { Authorities } from '../authorities.ts'
import { type BodySink, createFileSink, createMemorySink, withFacts } from '../body-sink.ts'
import { type Exchange, watchEnd } from '../exchange.ts'
import { HeadOverflow, longestTrailers } from '../head-limits.ts'
import { fromHeaderBytes } from '../header-text.ts'
import { type Pace, watchPace } from '../pace.ts'
import { isDeadConnection, isLengthMismatch, toTransportError } from '../transport-error.ts'
import type { Outgoing } from './outgoing-body.ts'

/** An exchange, and what its handler asks of the connections. */
export type HandledExchange = Exchange & {
  readonly authorities: Authorities
  certificate(url: URL): ServerCertificate | undefined
}

/** The connection died before the first byte of an answer. */
export class DeadConnection extends Error {}

/** Who waits for an answer. */
type Waiting = {
  resolve(response: HttpResponse): void
  reject(problem: unknown): void
}

/**
 * Makes a response of what undici tells of one request: the methods `on...` are those of its handlers. Once the response, or
 * the problem, is told, whatever comes is of no interest.
 */
export class AnswerHandler {
  readonly #exchange: HandledExchange
  readonly #outgoing: Outgoing
  readonly #waiting: Waiting
  readonly #started = performance.now()
  readonly #forgetEnd: () => void
  #sink: BodySink
  #pace: Pace | undefined
  #abort: ((error: Error) => void) | undefined
  #stopped: OsrunError | undefined
  #isSettled = false
  #status = 0
  #reason = ''
  #headers: HeaderList = []

  /** Throws FILE_UNWRITABLE for a file that the body cannot be written to, before anything is sent. */
  constructor(exchange: HandledExchange, outgoing: Outgoing, waiting: Waiting) {
    const { saveTo } = exchange.request
    this.#exchange = exchange
    this.#outgoing = outgoing
    this.#waiting = waiting
    this.#sink = saveTo === undefined ? this.#memory() : createFileSink(saveTo)
    this.#forgetEnd = watchEnd(exchange, this.#stop)
  }

  onConnect(abort: (error: Error) => void): void {
    if (this.#isSettled) abort(this.#stopped ?? new Error('given up'))
    this.#abort = abort
    const { request, options } = this.#exchange
    if (!this.#isSettled) this.#pace ??= watchPace({ ...request, stillness: options.stillness }, this.#stop)
  }

  onHeaders(status: number, raw: readonly Buffer[], _resume: () => void, reason: string): boolean {
    if (status < 200) return true
    this.#status = status
    this.#reason = reason
    this.#headers = toHeaderList(raw)
    this.#pace?.head()
    const { request, sendOptions } = this.#exchange
    sendOptions.onHead?.(status, this.#headers)
    if (request.saveTo !== undefined && status > 299) {
      // What an error or a redirect says is for who reads the answer, not for the file.
      this.#sink.discard()
      this.#sink = this.#memory()
    }
    // Swift answers a HEAD that it refuses with the end of a chunked body: it would be taken for the next answer.
    if (request.method === 'HEAD' && headerOf(this.#headers, 'Transfer-Encoding') !== undefined) {
      this.onComplete()
      this.#abort?.(new Error('the connection is not used again'))
    }
    return true
  }

  onBodySent(chunk: Uint8Array): void {
    this.#pace?.sent(chunk.length)
  }

  onData(chunk: Buffer): boolean {
    this.#pace?.received(chunk.length)
    this.#sink.write(chunk)
    return true
  }

  onComplete(trailers: readonly Buffer[] = []): void {
    if (this.#isSettled) return
    if (trailers.reduce((sum, { length }) => sum + length, 0) > longestTrailers) {
      this.fail(new HeadOverflow())
      return
    }
    this.#settle()
    try {
      this.#waiting.resolve(this.#response())
    } catch (error) {
      this.#sink.discard()
      this.#waiting.reject(error)
    }
  }

  onError(error: Error): void {
    // A 304 may tell the length of what it does not send; undici takes that for a body cut short.
    const hasNoBody = this.#status === 204 || this.#status === 304
    if (hasNoBody && isLengthMismatch(error)) this.onComplete()
    else this.fail(error)
  }

  /** Ends the exchange by an error of undici, or of what stopped it. */
  fail(error: unknown): void {
    if (this.#isSettled) return
    this.#settle()
    this.#outgoing.stream?.destroy()
    this.#sink.discard()
    this.#waiting.reject(this.#stopped ?? this.#problemOf(error))
  }

  readonly #stop = (problem: OsrunError): void => {
    if (this.#isSettled) return
    this.#stopped = problem
    if (this.#abort) this.#abort(problem)
    // Nothing has been connected yet: undici is told when it asks.
    else this.fail(problem)
  }

  #settle(): void {
    this.#isSettled = true
    this.#pace?.end()
    this.#forgetEnd()
  }

  #memory(): BodySink {
    return createMemorySink(this.#exchange.options.keepBytes ?? mostKept)
  }

  #response(): HttpResponse {
    const { facts, body } = this.#sink.end()
    const sent = this.#outgoing.facts?.()
    const { sentSize } = this.#outgoing
    const { url, certificate: certificateOf } = this.#exchange
    const certificate = certificateOf(url)
    const response = {
      status: this.#status,
      reason: this.#reason,
      headers: this.#headers,
      body,
      duration: performance.now() - this.#started,
      ...(sent && { sent }),
      ...(sentSize !== undefined && { sentSize }),
      ...(certificate && { certificate }),
    }
    return withFacts(response, facts)
  }

  #problemOf(error: unknown): OsrunError {
    const { url, options, authorities } = this.#exchange
    if (this.#status !== 0 || !isDeadConnection(error))
      return toTransportError(error, url, options.tls, authorities)
    return new OsrunError('CONNECTION_LOST', phrase`${url.origin} closed the connection without an answer.`, {
      cause: new DeadConnection(String(error)),
    })
  }
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
