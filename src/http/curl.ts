import type { HttpRequest, TlsOptions } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { quoteShell } from '../util/shell-quote.ts'
import { curlBody } from './curl-body.ts'
import { spliceUrl, spliceWord } from './curl-splice.ts'

/** A value that stands as a variable in curl lines. */
export type CurlName = {
  readonly value: string
  /** A name that a POSIX shell takes. */
  readonly variable: string
  /** A secret is replaced wherever it stands; a public value only at the start of a URL. */
  readonly secret: boolean
}

/** How to write a curl line. */
export type CurlOptions = {
  readonly names: readonly CurlName[]
  readonly tls: TlsOptions
  /** Writes the literal values instead of variables. */
  readonly reveal?: boolean
}

/** Headers that say nothing about the API; curl sends its own. */
const ownHeaders = /^(host|content-length|user-agent|connection|transfer-encoding)$/i

/**
 * The command line that sends the same request with curl, for a POSIX shell. Secrets and the endpoint are
 * variables; a body with secrets is made by jq out of the environment, so that no secret of it is in argv.
 * Response headers are always shown (`-i`), and alone for a HEAD (`-I`).
 * https://curl.se/docs/manpage.html
 *
 * @example
 * const request = { method: 'HEAD', url: 'https://swift/v1/a', headers: [['Accept', 'text/plain']] }
 * toCurl(request, { names: [], tls: { insecure: false } }) // curl -I https://swift/v1/a -H 'Accept: text/plain'
 */
export function toCurl(request: HttpRequest, options: CurlOptions): string {
  const names = options.reveal === true ? [] : longestFirst(options.names)
  const body = curlBody(request, names)
  const words = ['curl', ...method(request), ...tlsWords(options.tls)]
  if (/[[\]{}]/.test(request.url)) words.push('--globoff')
  if (/\/\.{1,2}(\/|$|\?)/.test(request.url.replace(/^[a-z]+:\/\//i, ''))) words.push('--path-as-is')
  words.push(spliceUrl(request.url, names))
  for (const header of headers(request)) words.push('-H', spliceWord(header, names))
  if (request.saveTo !== undefined) words.push('-o', quoteShell(request.saveTo))
  words.push(...body.words)
  return `${body.before}${words.join(' ')}`
}

function longestFirst(names: readonly CurlName[]): readonly CurlName[] {
  return names.filter(({ value }) => value !== '').sort((a, b) => b.value.length - a.value.length)
}

function method({ method: verb, body }: HttpRequest): readonly string[] {
  if (verb === 'HEAD') return ['-I']
  const made = body === undefined ? 'GET' : body.kind === 'file' ? 'PUT' : 'POST'
  return verb === made ? ['-i'] : ['-i', '-X', quoteShell(verb)]
}

function tlsWords({ cacert, cert, key, insecure }: TlsOptions): readonly string[] {
  const words: string[] = []
  if (insecure) words.push('--insecure')
  else if (cacert !== undefined) words.push('--cacert', quoteShell(cacert))
  if (cert !== undefined) words.push('--cert', quoteShell(cert))
  if (key !== undefined) words.push('--key', quoteShell(key))
  return words
}

function headers(request: HttpRequest): readonly string[] {
  const lines = request.headers
    .filter(([name, value]) => !ownHeaders.test(name) && !(/^accept$/i.test(name) && value === '*/*'))
    .map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`))
  // What curl would add of its own is taken out where the request has nothing of the kind.
  if (headerOf(request.headers, 'Accept') === undefined) lines.push('Accept:')
  if (request.body?.kind === 'text' && headerOf(request.headers, 'Content-Type') === undefined)
    lines.push('Content-Type:')
  return lines
}
