import { checkRequest } from '../http/check-request.ts'
import type { CurlName } from '../http/curl.ts'
import { explainCurl, toCurl } from '../http/curl.ts'
import { followRedirects } from '../http/redirect.ts'
import type { Cloud } from '../model/cloud.ts'
import type { ExchangeRecord, RunEvent } from '../model/event.ts'
import type { HttpRequest, HttpResponse, SendOptions, Transport } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { OsrunError, toProblem } from '../model/problem.ts'
import type { SendDetails } from '../model/step.ts'
import type { Masker } from '../secrets/masker.ts'
import { isSecretField } from '../secrets/secret-fields.ts'
import { toExchangeRecord } from './exchange-record.ts'

/** What sending needs to know of its run. */
export type SenderParts = {
  readonly transport: Transport
  readonly masker: Masker
  readonly cloud: Cloud | undefined
  readonly userAgent: string
  readonly reveal: boolean
  readonly explainCurl: boolean
  /** Public URLs that stand as variables in curl lines. */
  readonly urlNames: readonly CurlName[]
  emit(event: RunEvent): void
  now(): number
  mayReceiveToken(url: string): boolean
}

/** Sends a request, learns what is secret in the answer, and tells both as an event with the curl. */
export type Sender = (
  request: HttpRequest,
  step: string,
  details: SendDetails & Pick<SendOptions, 'signal' | 'onHead'>,
) => Promise<HttpResponse>

/** Makes the sender of one run. It counts nothing and renews nothing. */
export function createSender(parts: SenderParts): Sender {
  return async (request, step, details) => {
    // What is refused is no exchange, and has no curl line: pasted, a line break in a header would become two of them.
    checkRequest(request)
    const signed =
      headerOf(request.headers, 'User-Agent') === undefined
        ? { ...request, headers: [...request.headers, ['User-Agent', parts.userAgent] as const] }
        : request
    let started = parts.now()
    const tell = (asked: HttpRequest, response: HttpResponse): void => {
      parts.masker.learnFromExchange(asked, response)
      emit(parts, step, asked, {
        exchange: toExchangeRecord(asked, { response }, parts.masker.mask),
        started,
      })
    }
    const options = {
      signal: details.signal,
      onHead: details.onHead,
      ...(details.timeout !== undefined && { timeout: details.timeout }),
    }
    let current = signed
    try {
      if (details.redirect !== true) {
        const response = await parts.transport.send(signed, options)
        tell(signed, response)
        return response
      }
      return await followRedirects(parts.transport, signed, options, {
        mayReceiveToken: parts.mayReceiveToken,
        onRequest(asked) {
          current = asked
          started = parts.now()
        },
        onResponse: tell,
      })
    } catch (error) {
      const cause =
        details.signal.aborted && details.signal.reason instanceof OsrunError ? details.signal.reason : error
      const problem = toProblem(cause)
      parts.masker.learnFromExchange(current)
      const failed = { problem, duration: parts.now() - started }
      emit(parts, step, current, { exchange: toExchangeRecord(current, failed, parts.masker.mask), started })
      throw cause
    }
  }
}

function emit(
  parts: SenderParts,
  step: string,
  request: HttpRequest,
  { exchange, started }: { readonly exchange: ExchangeRecord; readonly started: number },
): void {
  const names = [...parts.urlNames, ...parts.masker.names()]
  const tls = parts.cloud?.tls ?? { insecure: false }
  const { find } = parts.masker
  const curl = toCurl(request, { names, tls, find, isSecretField })
  const revealed = parts.reveal ? { revealedCurl: toCurl(request, { names, tls, reveal: true }) } : {}
  const glosses = parts.explainCurl
    ? { glosses: explainCurl(request, { names, tls, find, isSecretField, reveal: parts.reveal }) }
    : {}
  const time = new Date(started).toISOString()
  parts.emit({ type: 'exchange', step, exchange, time, curl, ...revealed, ...glosses })
}
