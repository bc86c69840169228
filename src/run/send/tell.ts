import { explainCurl, toCurl } from '../../http/curl-line/curl.ts'
import type { CurlName } from '../../http/curl-line/curl-splice.ts'
import type { Cloud } from '../../model/cloud.ts'
import type { ExchangeRecord, RunEvent } from '../../model/event.ts'
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import type { Masker } from '../../secrets/masker.ts'
import { isSecretName } from '../../util/secret-names.ts'
import { toExchangeRecord } from './exchange-record.ts'
import type { Link } from './link.ts'

/** What telling needs to know of its run or session. */
export type Teller = {
  readonly masker: Masker
  readonly cloud: Cloud | undefined
  /** Adds curl lines with the literal secrets. */
  readonly reveal: boolean
  readonly explainCurl: boolean
  /** Public URLs that stand as variables in curl lines. */
  readonly urlNames: readonly CurlName[]
  emit(event: RunEvent): void
  now(): number
}

/** Learns what is secret in a request and its answer, and tells both as an event with the curl line. */
export function tell(teller: Teller): Link {
  const { masker, now } = teller
  return (next) => async (request, details) => {
    const { errand, signal } = details
    const started = now()
    let response: HttpResponse
    try {
      response = await next(request, details)
    } catch (error) {
      const cause = signal.aborted && signal.reason instanceof OsrunError ? signal.reason : error
      masker.learnFromExchange(request)
      const failed = { problem: toProblem(cause), duration: now() - started }
      const exchange = toExchangeRecord(request, failed, masker.mask)
      emit(teller, errand.id, request, { exchange, started })
      throw cause
    }
    masker.learnFromExchange(request, response)
    const exchange = toExchangeRecord(request, { response }, masker.mask)
    emit(teller, errand.id, request, { exchange, started })
    return response
  }
}

function emit(
  teller: Teller,
  step: string,
  request: HttpRequest,
  { exchange, started }: { readonly exchange: ExchangeRecord; readonly started: number },
): void {
  const names = [...teller.urlNames, ...teller.masker.names()]
  const tls = teller.cloud?.tls ?? { insecure: false }
  const { find } = teller.masker
  const curl = toCurl(request, { names, tls, find, isSecretField: isSecretName })
  const revealed = teller.reveal ? { revealedCurl: toCurl(request, { names, tls, reveal: true }) } : {}
  const glosses = teller.explainCurl
    ? {
        glosses: explainCurl(request, {
          names,
          tls,
          find,
          isSecretField: isSecretName,
          reveal: teller.reveal,
        }),
      }
    : {}
  const time = new Date(started).toISOString()
  teller.emit({ type: 'exchange', step, exchange, time, curl, ...revealed, ...glosses })
}
