import { type CurlOptions, explainCurl, toCurl } from '../../http/curl-line/curl.ts'
import type { CurlName } from '../../http/curl-line/curl-splice.ts'
import { keepAnswer, madeUpLine, showAnswer } from '../../http/curl-line/paste.ts'
import type { Cloud } from '../../model/cloud.ts'
import type { ExchangeRecord, RunEvent } from '../../model/event.ts'
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import type { Masker } from '../../secrets/masker.ts'
import { rememberedBy } from '../../util/remembered.ts'
import { isSecretName } from '../../util/secret-names.ts'
import { nameSecrets } from '../masking/name-secrets.ts'
import { toExchangeRecord } from './exchange-record.ts'
import { answerVariable, type Details, type Link } from './link.ts'

/** What telling needs to know of its run or session. */
export type Teller = {
  readonly masker: Masker
  readonly cloud: Cloud | undefined
  /** Adds curl lines with the literal secrets. */
  readonly reveal: boolean
  readonly explainCurl: boolean
  /** Public URLs that stand as variables in curl lines. */
  readonly urlNames: readonly CurlName[]
  /** The variables of a shell that have an answer where the lines so far were pasted. */
  readonly kept: Set<string>
  emit(event: RunEvent): void
  now(): number
}

/** Learns what is secret in a request and its answer, and tells both as an event with the curl line. */
export function tell(teller: Teller): Link {
  const { masker, now } = teller
  const lineOf = curlLines(teller)
  return (next) => async (request, details) => {
    const { signal } = details
    const started = now()
    let response: HttpResponse
    try {
      response = await next(request, details)
    } catch (error) {
      const cause = signal.aborted && signal.reason instanceof OsrunError ? signal.reason : error
      masker.learnFromExchange(request)
      const made = nameSecrets(request, masker)
      const failed = { problem: toProblem(cause), duration: now() - started }
      const exchange = toExchangeRecord(request, failed, masker.mask)
      emit(teller, details, request, { exchange, started, made, curl: lineOf(request) })
      throw cause
    }
    masker.learnFromExchange(request, response)
    const made = nameSecrets(request, masker)
    const exchange = toExchangeRecord(request, { response }, masker.mask)
    emit(teller, details, request, { exchange, started, made, curl: lineOf(request) })
    return response
  }
}

function emit(
  teller: Teller,
  details: Pick<Details, 'errand' | 'keepAs'>,
  request: HttpRequest,
  { exchange, started, made, curl }: Told,
): void {
  const { masker, reveal } = teller
  const names = namesOf(teller)
  const tls = teller.cloud?.tls ?? { insecure: false }
  const options = { names, tls, find: masker.find, isSecretField: isSecretName }
  teller.emit({
    type: 'exchange',
    step: details.errand.id,
    exchange,
    time: new Date(started).toISOString(),
    curl,
    ...(!reveal && pasteOf(request, { ...details, options, made, kept: teller.kept })),
    ...(reveal && { revealedCurl: toCurl(request, { names, tls, reveal }) }),
    ...(teller.explainCurl && { glosses: explainCurl(request, { ...options, reveal }) }),
  })
}

type Told = {
  readonly exchange: ExchangeRecord
  readonly started: number
  readonly curl: string
  /** The variables of secrets that the recipe makes up in this request: any others will do as well. */
  readonly made: readonly string[]
}

type Pasting = Pick<Details, 'keepAs'> & {
  readonly options: CurlOptions
  /** The variables of secrets that the recipe makes up in this request: any others will do as well. */
  readonly made: readonly string[]
  readonly kept: Set<string>
}

function pasteOf(
  request: HttpRequest,
  { keepAs, options, made, kept }: Pasting,
): { readonly paste?: readonly string[] } {
  if (keepAs === undefined && made.length === 0) return {}
  const before = made.map(madeUpLine)
  if (keepAs === undefined) return { paste: [...before, toCurl(request, options)] }
  kept.add(keepAs)
  const curl = toCurl(request, { ...options, silent: true })
  return { paste: [...before, keepAnswer(curl, keepAs, showAnswer(keepAs, keepAs !== answerVariable))] }
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
