import type { TlsOptions } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Authorities } from '../authorities.ts'
import { toTransportError } from '../transport-error.ts'
import type { CurlEnd } from './curl-process.ts'

/** What curl reports at its end, as far as it is used. Times are seconds. */
export type CurlReport = {
  readonly errormsg?: string | null
  readonly time_total?: number
  readonly size_upload?: number
  /** The certificates that the server showed, in words and in PEM; of curl 7.88 or newer. */
  readonly certs?: string
}

/** Reads the report out of curl's standard error, which may hold warnings before it. */
export function parseReport(text: string): CurlReport {
  try {
    return JSON.parse(/^\{.*\}$/m.exec(text)?.[0] ?? '{}') as CurlReport
  } catch {
    // A curl that was killed has not written all of it.
    return {}
  }
}

/**
 * The error that undici's transport gives for what ended curl, with curl's own words as its cause.
 * https://everything.curl.dev/cmdline/exitcode.html
 */
export function toCurlError(
  { exit, report }: CurlEnd,
  url: URL,
  tls: TlsOptions,
  authorities: Authorities,
): OsrunError {
  const text = parseReport(report).errormsg ?? (report.trim().slice(0, 500) || 'it said nothing')
  const cause = Object.assign(new Error(`curl: (${exit}) ${text.replace(/\.$/, '')}`), {
    code: nodeCode(exit, text),
  })
  if (exit === 23) return new OsrunError('FILE_UNWRITABLE', phrase`curl cannot write the answer.`, { cause })
  if (exit === 52)
    return new OsrunError('CONNECTION_LOST', phrase`${url.origin} closed the connection without an answer.`, {
      cause,
    })
  if (unusable.has(exit))
    return new OsrunError('CURL_UNUSABLE', phrase`curl refused to send the request: ${text}.`, {
      cause,
      hint: phrase`Put a newer curl first in PATH, or leave --via out.`,
    })
  return toTransportError(cause, url, tls, authorities)
}

/** Whether curl ended an exchange that stood still. */
export function isTooSlow({ exit, report }: CurlEnd): boolean {
  return exit === 28 && /too slow/i.test(parseReport(report).errormsg ?? '')
}

// It cannot start, lacks a feature, or does not know an option; or the shell did not find it.
const unusable = new Set([2, 4, 41, 43, 48, 126, 127])

/** The code that Node has for the same; what is not here broke the connection. */
function nodeCode(exit: number, text: string): string {
  // undici's parser tells these apart from a connection that broke, curl by its words alone.
  if ((exit === 56 && /chunk|hexadecimal/i.test(text)) || (exit === 1 && /HTTP\/0\.9|response/.test(text)))
    return 'HPE_INVALID'
  if (exit === 7 && /unreachable|no route/i.test(text)) return 'EHOSTUNREACH'
  if (exit === 60 && /subject name|hostname|alternative/i.test(text)) return 'ERR_TLS_CERT_ALTNAME_INVALID'
  return codes[exit] ?? 'ECONNRESET'
}

const codes: Readonly<Record<number, string>> = {
  1: 'UND_ERR_INVALID_ARG',
  3: 'UND_ERR_INVALID_ARG',
  5: 'ENOTFOUND',
  6: 'ENOTFOUND',
  7: 'ECONNREFUSED',
  8: 'HPE_INVALID',
  26: 'ENOENT',
  28: 'ETIMEDOUT',
  35: 'EPROTO',
  51: 'ERR_TLS_CERT_ALTNAME_INVALID',
  53: 'EPROTO',
  54: 'EPROTO',
  58: 'EPROTO',
  59: 'EPROTO',
  60: 'CERT_UNTRUSTED',
  61: 'HPE_INVALID',
  64: 'EPROTO',
  66: 'EPROTO',
  77: 'EPROTO',
  80: 'EPROTO',
  82: 'CRL_UNREADABLE',
  83: 'ISSUER_DIFFERS',
  90: 'EPROTO',
  91: 'EPROTO',
  98: 'EPROTO',
}
