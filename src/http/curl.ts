import type { CurlGloss } from '../model/event.ts'
import type { HttpRequest, TlsOptions } from '../model/exchange.ts'
import { quoteShell } from '../util/shell-quote.ts'
import type { CurlArgument } from './curl-arguments.ts'
import { curlArguments } from './curl-arguments.ts'
import { bodyMaker } from './curl-body.ts'
import type { CurlPart } from './curl-parts.ts'
import { curlGlosses, sampleOf } from './curl-parts.ts'
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
  const maker = request.body?.kind === 'text' ? bodyMaker(request.body, names) : []
  const isMade = maker.length > 0
  const printed = curlArguments(request, options.tls).map((argument) => curlPart(argument, names, isMade))
  return [...maker, ...(isMade ? [{ text: '|' }] : []), { text: 'curl' }, ...printed]
}

function longestFirst(names: readonly CurlName[]): readonly CurlName[] {
  return names.filter(({ value }) => value !== '').sort((a, b) => b.value.length - a.value.length)
}

function curlPart(argument: CurlArgument, names: readonly CurlName[], isMade: boolean): CurlPart {
  const { option, value, part } = argument
  if (part === 'body' && isMade) return { text: '--data-binary @-', sample: '--data-binary @-' }
  if (part === 'url' && value !== undefined) {
    const text = spliceUrl(value, names)
    return text.startsWith('"$') ? { text, sample: '"$NAME/..."' } : { text }
  }
  const sample = sampleOf(argument)
  if (value === undefined) return { text: option, sample }
  return { text: `${option} ${part === 'header' ? spliceWord(value, names) : quoteShell(value)}`, sample }
}
