import type { CurlGloss } from '../model/event.ts'
import type { HttpRequest, TlsOptions } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { quoteShell } from '../util/shell-quote.ts'
import { curlBody } from './curl-body.ts'
import { type CurlPart, type CurlSample, curlGlosses, curlPart } from './curl-parts.ts'
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
  return curlParts(request, options)
    .map(({ text }) => text)
    .join(' ')
}

/** What the options of that command line are for, in the order in which they stand there. */
export function explainCurl(request: HttpRequest, options: CurlOptions): readonly CurlGloss[] {
  const samples = curlParts(request, options).flatMap(({ sample }) => sample ?? [])
  return [...new Set(samples)].map((sample) => ({ words: sample, meaning: curlGlosses[sample] }))
}

function curlParts(request: HttpRequest, options: CurlOptions): readonly CurlPart[] {
  const names = options.reveal === true ? [] : longestFirst(options.names)
  const body = curlBody(request, names)
  const parts = [...body.before, { text: 'curl' }, ...method(request), ...tlsParts(options.tls)]
  if (/[[\]{}]/.test(request.url)) parts.push(curlPart('--globoff'))
  if (/\/\.{1,2}(\/|$|\?)/.test(request.url.replace(/^[a-z]+:\/\//i, '')))
    parts.push(curlPart('--path-as-is'))
  const url = spliceUrl(request.url, names)
  parts.push(url.startsWith('"$') ? { sample: '"$NAME/..."', text: url } : { text: url })
  parts.push(...headers(request, names))
  if (request.saveTo !== undefined) parts.push(curlPart('-o ...', quoteShell(request.saveTo)))
  return [...parts, ...body.parts]
}

function longestFirst(names: readonly CurlName[]): readonly CurlName[] {
  return names.filter(({ value }) => value !== '').sort((a, b) => b.value.length - a.value.length)
}

function method({ method: verb, body }: HttpRequest): readonly CurlPart[] {
  if (verb === 'HEAD') return [curlPart('-I')]
  const made = body === undefined ? 'GET' : body.kind === 'file' ? 'PUT' : 'POST'
  return verb === made ? [curlPart('-i')] : [curlPart('-i'), curlPart('-X ...', quoteShell(verb))]
}

function tlsParts({ cacert, cert, key, insecure }: TlsOptions): readonly CurlPart[] {
  const parts: CurlPart[] = []
  if (insecure) parts.push(curlPart('--insecure'))
  else if (cacert !== undefined) parts.push(curlPart('--cacert ...', quoteShell(cacert)))
  if (cert !== undefined) parts.push(curlPart('--cert ...', quoteShell(cert)))
  if (key !== undefined) parts.push(curlPart('--key ...', quoteShell(key)))
  return parts
}

function headers(request: HttpRequest, names: readonly CurlName[]): readonly CurlPart[] {
  const parts = request.headers
    .filter(([name, value]) => !ownHeaders.test(name) && !(/^accept$/i.test(name) && value === '*/*'))
    .map(([name, value]) =>
      value === ''
        ? curlPart('-H "...;"', spliceWord(`${name};`, names))
        : curlPart(known.get(name.toLowerCase()) ?? '-H ...', spliceWord(`${name}: ${value}`, names)),
    )
  // What curl would add of its own is taken out where the request has nothing of the kind.
  if (headerOf(request.headers, 'Accept') === undefined) parts.push(curlPart('-H Accept:'))
  if (request.body?.kind === 'text' && headerOf(request.headers, 'Content-Type') === undefined)
    parts.push(curlPart('-H Content-Type:'))
  return parts
}

/** Headers that are explained by their names. */
const known: ReadonlyMap<string, CurlSample> = new Map([
  ['x-auth-token', '-H "X-Auth-Token: ..."'],
  ['x-subject-token', '-H "X-Subject-Token: ..."'],
  ['accept', '-H "Accept: ..."'],
  ['content-type', '-H "Content-Type: ..."'],
])
