import type { ErrorCode } from '../model/error-codes.ts'
import type { TlsOptions } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'

/** Turns what sockets, TLS and undici throw into the code, the sentence and the hint that a user can act on. */
export function toTransportError(error: unknown, url: URL, tls: TlsOptions): OsrunError {
  if (error instanceof OsrunError) return error
  const cause = nested(error)
  const code = codeOf(cause)
  const text = cause instanceof Error ? cause.message : String(cause)
  const { origin, hostname } = url
  const make = (to: ErrorCode, message: string, hint?: string): OsrunError =>
    new OsrunError(to, message, { cause, hint })
  if (/^(ENOTFOUND|EAI_)/.test(code))
    return make(
      'DNS_FAILED',
      `The name "${hostname}" has no address.`,
      'Check the URL, and whether this machine can resolve names.',
    )
  if (code === 'ECONNREFUSED')
    return make(
      'CONNECTION_REFUSED',
      `Nothing listens at ${origin}.`,
      'Check host and port, and whether the service runs.',
    )
  if (/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(code))
    return make(
      'CONNECTION_REFUSED',
      `${origin} cannot be reached: ${text}.`,
      'Is it an internal address? `--interface public` picks the public endpoints.',
    )
  if (/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT)$/.test(code))
    return make('TIMED_OUT', `${origin} did not answer in time.`)
  if (/CERT|^ERR_TLS|^ERR_SSL|^EPROTO|SIGNATURE|ISSUER|CRL/.test(code)) {
    const who = tls.cacert === undefined ? "the system's authorities" : `the authorities in ${tls.cacert}`
    const hint = /ALTNAME/.test(code)
      ? 'The certificate is for another name than the URL has.'
      : 'Name the right authorities with --cacert (OS_CACERT); --insecure verifies nothing.'
    return make(
      'TLS_FAILED',
      `The TLS handshake with ${origin} failed: ${text} (verified with ${who}).`,
      hint,
    )
  }
  if (/^HPE_/.test(code))
    return make(
      'RESPONSE_INVALID',
      `${origin} sent something that is not HTTP: ${text}.`,
      'Is it http where it should be https, or the other way round?',
    )
  if (code === 'UND_ERR_INVALID_ARG') return make('URL_INVALID', `The request cannot be sent: ${text}.`)
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
    return make('FILE_UNREADABLE', `A file cannot be read: ${text}.`)
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
    return make('FILE_UNREADABLE', 'The file changed while it was being sent.')
  return make('CONNECTION_LOST', `The connection to ${origin} broke before the answer was complete: ${text}.`)
}

/** What a request that its signal ends rejects with: the signal's own OsrunError, or one that wraps its reason. */
export function toAbortError(signal: AbortSignal): OsrunError {
  const reason: unknown = signal.reason
  if (reason instanceof OsrunError) return reason
  return new OsrunError(
    reason instanceof DOMException && reason.name === 'TimeoutError' ? 'TIMED_OUT' : 'INTERRUPTED',
    'The request was cancelled.',
    { cause: reason },
  )
}

/** Whether a connection died without a word, as an idle one does that the server has closed. */
export function isDeadConnection(error: unknown): boolean {
  return /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(codeOf(nested(error)))
}

function nested(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? (error.errors[0] as unknown) : error
}

function codeOf(error: unknown): string {
  // undici names the fault in the text alone.
  if (error instanceof Error && error.name === 'HTTPParserError') return 'HPE_INVALID'
  const code = (error as { readonly code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : ''
}
