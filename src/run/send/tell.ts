import { explainCurl, toCurl } from '../../http/curl-line/curl.ts'
import type { CurlName } from '../../http/curl-line/curl-splice.ts'
import type { Cloud } from '../../model/cloud.ts'
import type { ExchangeRecord, RunEvent } from '../../model/event.ts'
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import type { Masker } from '../../secrets/masker.ts'
import { rememberedBy } from '../../util/remembered.ts'
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
  const lineOf = curlLines(teller)
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
      emit(teller, errand.id, request, { exchange, started, curl: lineOf(request) })
      throw cause
    }
    masker.learnFromExchange(request, response)
    const exchange = toExchangeRecord(request, { response }, masker.mask)
    emit(teller, errand.id, request, { exchange, started, curl: lineOf(request) })
    return response
  }
}

function emit(
  teller: Teller,
  step: string,
  request: HttpRequest,
  {
    exchange,
    started,
    curl,
  }: { readonly exchange: ExchangeRecord; readonly started: number; readonly curl: string },
): void {
  const names = namesOf(teller)
  const tls = teller.cloud?.tls ?? { insecure: false }
  const { find } = teller.masker
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

function namesOf({ urlNames, masker }: Teller): readonly CurlName[] {
  return [...urlNames, ...masker.names()]
}

// A request that is sent again and again has its line written once, for as long as no name and no secret is new.
function curlLines(teller: Teller): (request: HttpRequest) => string {
  const { masker } = teller
  const tls = teller.cloud?.tls ?? { insecure: false }
  let names: readonly CurlName[] = []
  let learned = 0
  const lineOf = rememberedBy(textOf, (request) =>
    toCurl(request, { names, tls, find: masker.find, isSecretField: isSecretName }),
  )
  return (request) => {
    const current = namesOf(teller)
    if (learned !== masker.learned || !isSame(names, current)) lineOf.forget()
    names = current
    learned = masker.learned
    return lineOf(request)
  }
}

// Undefined for a request with more than a line and headers.
function textOf({ method, url, headers, body, saveTo, secretPlaces }: HttpRequest): string | undefined {
  return body === undefined && saveTo === undefined && secretPlaces === undefined
    ? `${method} ${url}\n${headers.map(([name, value]) => `${name}:${value}`).join('\n')}`
    : undefined
}

function isSame(some: readonly CurlName[], others: readonly CurlName[]): boolean {
  return some.length === others.length && some.every((name, index) => name === others[index])
}
