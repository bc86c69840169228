import type { HttpRequest, TlsOptions } from '../model/exchange.ts'
import { quoteShell } from '../util/shell-quote.ts'
import type { CurlArgument } from './curl-arguments.ts'
import { curlArguments } from './curl-arguments.ts'
import { bodyMaker } from './curl-body.ts'
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
 */
export function toCurl(request: HttpRequest, options: CurlOptions): string {
  const names = options.reveal === true ? [] : longestFirst(options.names)
  const maker = request.body?.kind === 'text' ? bodyMaker(request.body, names) : undefined
  const words = curlArguments(request, options.tls).flatMap((argument) => shellWords(argument, names, maker))
  return `${maker === undefined ? '' : `${maker} | `}curl ${words.join(' ')}`
}

function longestFirst(names: readonly CurlName[]): readonly CurlName[] {
  return names.filter(({ value }) => value !== '').sort((a, b) => b.value.length - a.value.length)
}

function shellWords(
  { option, value, part }: CurlArgument,
  names: readonly CurlName[],
  maker: string | undefined,
): readonly string[] {
  if (value === undefined) return [option]
  if (part === 'url') return [spliceUrl(value, names)]
  if (part === 'header') return [option, headerWord(value, names)]
  if (part === 'body' && maker !== undefined) return ['--data-binary', '@-']
  return [option, quoteShell(value)]
}

// A header is bytes, one for each character; a terminal writes UTF-8.
function headerWord(line: string, names: readonly CurlName[]): string {
  const word = spliceWord(line, names)
  const ascii = /^[\0-\x7f]*$/.test(line)
  return ascii ? word : `"$(printf %s ${word} | iconv -f UTF-8 -t ISO-8859-1)"`
}
