import type { HttpResponse, ServerCertificate } from '../../model/exchange.ts'
import { mostKept } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import { parseJson } from '../../util/parse-json.ts'

/** An answer as recipes see it. All but the status is made when it is first asked for. */
export type ResponseValue = {
  readonly status: number
  /** By lower-case name; several lines of one name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** Throws BODY_NOT_KEPT where it is longer than what is kept, or was saved. */
  readonly body: string
  /** Undefined when the body is no JSON. */
  readonly json: unknown
  readonly size: number
  readonly md5: string
  readonly sha256: string
  readonly duration: number
  /** Of an answer that `all-pages` put together. */
  readonly pages: number | undefined
  /** Of the server, where it was asked by https. */
  readonly certificate: CertificateValue | undefined
}

/** A server's certificate as recipes see it. */
type CertificateValue = {
  readonly subject: string
  readonly issuer: string
  /** As `2026-01-31T10:20:30Z`. */
  readonly valid_from: string
  readonly valid_to: string
  /** Whole days; less than none once it has expired. */
  readonly days_left: number
}

/** Makes the value of `${response}`, of an answer that came at `now`, in epoch milliseconds. */
export function toResponseValue(response: HttpResponse, now: number): ResponseValue {
  const { status, size, duration, pages } = response
  const certificate = response.certificate && certificateValue(response.certificate, now)
  // With nothing in it that would take time it has no getters, which V8 is slow with.
  if (size === 0) {
    const { md5, sha256 } = response
    const headers = joined(response.headers)
    return { status, headers, body: '', json: undefined, size, md5, sha256, duration, pages, certificate }
  }
  let headers: Readonly<Record<string, string>> | undefined
  let text: string | undefined
  let json: { readonly value: unknown } | undefined
  return {
    status,
    get headers() {
      headers ??= joined(response.headers)
      return headers
    },
    get body() {
      text ??= new TextDecoder().decode(response.body ?? notKept(response))
      return text
    },
    get json() {
      // A body that is no JSON has no nodes; what reads it reports that nothing is there.
      json ??= { value: parseJson(this.body) }
      return json.value
    },
    size,
    get md5() {
      return response.md5
    },
    get sha256() {
      return response.sha256
    },
    duration,
    pages,
    certificate,
  }
}

function notKept({ size }: HttpResponse): undefined {
  if (size === 0) return undefined
  throw new OsrunError(
    'BODY_NOT_KEPT',
    phrase`The body of the answer, ${size} bytes, is not kept: it was saved in a file, or is longer than ${mostKept} bytes.`,
    { hint: phrase`Ask for less, such as by "limit"; of a saved body size, md5 and sha256 can be read.` },
  )
}

function certificateValue(
  { subject, issuer, validFrom, validTo }: ServerCertificate,
  now: number,
): CertificateValue {
  const daysLeft = Math.floor((Date.parse(validTo) - now) / 86_400_000)
  return { subject, issuer, valid_from: validFrom, valid_to: validTo, days_left: daysLeft }
}

function joined(lines: HttpResponse['headers']): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const [name, value] of lines) {
    const key = name.toLowerCase()
    headers[key] = Object.hasOwn(headers, key) ? `${headers[key]}, ${value}` : value
  }
  return headers
}
