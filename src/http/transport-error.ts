import type { ErrorCode } from '../model/error-codes.ts'
import type { TlsOptions } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'
import { type AnswerFault, answerFault } from './answer-fault.ts'
import type { Authorities } from './authorities.ts'
import { HeadOverflow, longestHead, longestTrailers } from './head-limits.ts'

/** Turns what sockets, TLS and undici throw into the code, the sentence and the hint that a user can act on. */
export function toTransportError(
  error: unknown,
  url: URL,
  tls: TlsOptions,
  authorities?: Authorities,
): OsrunError {
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
      `Nothing listens at ${origin}${byAddress(error)}.`,
      'Check host and port, and whether the service runs.',
    )
  if (unreachable.test(code))
    return make(
      'CONNECTION_REFUSED',
      `${origin} cannot be reached: ${text}${byAddress(error)}.`,
      'Is it an internal address? `--interface public` picks the public endpoints.',
    )
  if (/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT)$/.test(code))
    return make('TIMED_OUT', `${origin} did not answer in time${byAddress(error)}.`)
  if (/^ERR_OSSL/.test(code))
    return make(
      'FILE_UNREADABLE',
      `The certificate ${tls.cert ?? tls.cacert ?? ''} or its key ${tls.key ?? ''} cannot be used: ${text}.`,
      'Do the two belong together, and is the key without a passphrase?',
    )
  if (/CERT|^ERR_TLS|^ERR_SSL|^EPROTO|SIGNATURE|ISSUER|CRL/.test(code)) {
    const who = authorities === undefined ? '' : ` (verified with ${authorities.words})`
    return make('TLS_FAILED', `The TLS handshake with ${origin} failed: ${text}${who}.`, tlsHint(code))
  }
  if (cause instanceof HeadOverflow || code === 'UND_ERR_HEADERS_OVERFLOW')
    return make(
      'RESPONSE_INVALID',
      `${origin} sent headers of more than ${longestHead / 1024} KiB, or trailers of more than ${longestTrailers / 1024} KiB.`,
    )
  const fault = answerFault(cause)
  if (fault !== undefined) return invalidAnswer(url, fault)
  if (isNoHttp(cause, code, text))
    return make(
      'RESPONSE_INVALID',
      `${origin} sent something that is not HTTP: ${text}.`,
      /HTTP\/0\.9/.test(text) ? wrongScheme : undefined,
    )
  if (code === 'UND_ERR_INVALID_ARG') return make('URL_INVALID', `The request cannot be sent: ${text}.`)
  if (/^(ENOENT|EACCES|EPERM|EISDIR|EIO|ESTALE)$/.test(code))
    return make('FILE_UNREADABLE', `A file cannot be read: ${text}.`)
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
    return make('FILE_UNREADABLE', 'The file changed while it was being sent.')
  return make('CONNECTION_LOST', `The connection to ${origin} broke before the answer was complete: ${text}.`)
}

const wrongScheme = 'Is it http where it should be https, or the other way round?'

/** RESPONSE_INVALID for an answer with a fault in its form, with the way out where curl takes it. */
function invalidAnswer({ origin }: URL, { words, curlTakes }: AnswerFault): OsrunError {
  const hint = curlTakes ? '`--via curl` takes it.' : /not HTTP$/.test(words) ? wrongScheme : undefined
  return new OsrunError('RESPONSE_INVALID', `${origin} sent ${words}.`, { hint })
}

function tlsHint(code: string): string {
  if (/ALTNAME/.test(code)) return 'The certificate is for another name than the URL has.'
  if (/EXPIRED|NOT_YET_VALID/.test(code))
    return "The server needs a new certificate, unless this machine's clock is wrong."
  if (/ALERT/.test(code))
    return 'The server may want a client certificate, or another one: --cert and --key (OS_CERT, OS_KEY).'
  if (/WRONG_VERSION|PACKET_LENGTH|UNKNOWN_PROTOCOL|HTTP_REQUEST/.test(code))
    return 'Is it https where it should be http?'
  return 'Name the right authorities with --cacert (OS_CACERT) or SSL_CERT_FILE, or install them in the system; --insecure verifies nothing.'
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
  const cause = nested(error)
  return /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(codeOf(cause)) && !isUnasked(cause)
}

/** Whether a body had another length than its Content-Length said. */
export function isLengthMismatch(error: unknown): boolean {
  return codeOf(error) === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
}

// undici names what its parser says by class; the code is left empty.
function isNoHttp(cause: unknown, code: string, text: string): boolean {
  const parsing = /^HPE_/.test(code) || (cause instanceof Error && cause.name === 'HTTPParserError')
  // That the connection ended within a message is the parser's news, too.
  return parsing && !/EOF/i.test(text)
}

// undici's words for a 100 or a 101 that nobody asked for.
function isUnasked(cause: unknown): boolean {
  return cause instanceof Error && /^bad (response|upgrade)$/.test(cause.message)
}

// That this machine has no way to an address of one family is news only where nothing else is.
function nested(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error
  const errors: readonly unknown[] = error.errors
  return errors.find((one) => !unreachable.test(codeOf(one))) ?? errors[0] ?? error
}

const unreachable = /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EAFNOSUPPORT)$/

// What each address of a name said.
function byAddress(error: unknown): string {
  if (!(error instanceof AggregateError)) return ''
  const said = error.errors.map((one: { readonly address?: string }) => {
    const code = codeOf(one)
    return `${one.address}: ${addressWords[code] ?? code}`
  })
  return ` (${said.join(', ')})`
}

const addressWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'no way there',
  EADDRNOTAVAIL: 'no way there',
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : ''
}
