import type { CurlGloss } from '../../model/event.ts'
import { type HttpRequest, httpMethods, type Span, type TlsOptions } from '../../model/exchange.ts'
import { quoteShell } from '../../util/text/shell-quote.ts'
import type { CurlArgument } from './curl-arguments.ts'
import { curlArguments } from './curl-arguments.ts'
import { bodyMaker, formMaker } from './curl-body.ts'
import type { FormArgument } from './curl-form.ts'
import { formValue } from './curl-form.ts'
import type { CurlPart, CurlSample } from './curl-parts.ts'
import { curlGlosses, sampleOf } from './curl-parts.ts'
import type { CurlName } from './curl-splice.ts'
import { hideSecrets, type Splicing, spliceHeader, spliceUrl, spliceWord } from './curl-splice.ts'

/** How to write a curl line. */
export type CurlOptions = {
  readonly names: readonly CurlName[]
  readonly tls: TlsOptions
  /** Where secrets stand in a text, also those without a variable; only the values of the names unless given. */
  readonly find?: (text: string) => readonly Span[]
  /** Whether a text of a JSON body is a secret by the name of its field; none is unless given. */
  readonly isSecretField?: (name: string) => boolean
  /** Writes the literal values instead of variables. */
  readonly reveal?: boolean
  /** Does not show how far it has come, which curl does where its output is no terminal. */
  readonly silent?: boolean
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
  const { splicing, maker, printed } = curlLine(request, options)
  const isMade = maker.length > 0
  const words = printed.map((argument) => wordOf(argument, splicing, isMade))
  const piped = isMade ? `${maker.map(({ text }) => text).join(' ')} | ` : ''
  return `${piped}curl ${options.silent === true ? '-s ' : ''}${words.join(' ')}`
}

/** What the options of that command line are for, in the order in which they stand there. */
export function explainCurl(request: HttpRequest, options: CurlOptions): readonly CurlGloss[] {
  const { splicing, maker, printed } = curlLine(request, options)
  const isMade = maker.length > 0
  const samples = [
    ...maker.map(({ sample }) => sample),
    ...printed.map((argument) => sampleFor(argument, splicing, isMade)),
  ].flatMap((sample) => sample ?? [])
  return [...new Set(samples)].map((sample) => ({ words: sample, meaning: curlGlosses[sample] }))
}

type CurlLine = {
  readonly splicing: Splicing
  /** Makes a body with secrets in it for curl to read; nothing where there is none. */
  readonly maker: readonly CurlPart[]
  readonly printed: readonly CurlArgument[]
}

function curlLine(request: HttpRequest, options: CurlOptions): CurlLine {
  const splicing = splicingOf(request, options)
  const told = curlArguments(request, options.tls)
  const forms = told.flatMap(({ form }) => form ?? [])
  const maker = request.body?.kind === 'text' ? bodyMaker(request.body, splicing) : formMaker(forms, splicing)
  // A form that is made is one file of options, however many parts it has.
  const printed =
    maker.length === 0 ? told : told.filter(({ form }) => form === undefined || form === forms[0])
  return { splicing, maker, printed }
}

function splicingOf(
  { secretPlaces }: HttpRequest,
  { names, find, isSecretField, reveal }: CurlOptions,
): Splicing {
  const none = (): boolean => false
  if (reveal === true) return { names: [], find: () => [], isSecretField: none, places: undefined }
  return {
    names: longestFirst(names),
    find: find ?? (() => []),
    isSecretField: isSecretField ?? none,
    places: secretPlaces,
  }
}

function longestFirst(names: readonly CurlName[]): readonly CurlName[] {
  return names.filter(({ value }) => value !== '').sort((a, b) => b.value.length - a.value.length)
}

function wordOf({ option, value, part, form }: CurlArgument, splicing: Splicing, isMade: boolean): string {
  if (part === 'body' && isMade) return '--data-binary @-'
  if (form !== undefined && isMade) return '-K -'
  if (value === undefined) return option
  if (part === 'url') return spliceUrl(value, splicing)
  if (part === 'header') return `${option} ${spliceHeader(value, splicing)}`
  if (form !== undefined) return `${option} ${quoteShell(hiddenForm(form, splicing))}`
  // A text body with secrets is made before.
  if (part === 'body') return `${option} ${quoteShell(hideSecrets(value, splicing))}`
  // A path may hold what is known only in the run; any other value is a word of curl's own.
  const isSpliced = files.has(option) || (option === '-X' && !httpMethods.includes(value))
  return `${option} ${isSpliced ? spliceWord(value, splicing) : quoteShell(value)}`
}

/** Options whose values are names of files. */
const files: ReadonlySet<string> = new Set(['-o', '-T', '--data-binary', '--cacert', '--cert', '--key'])

function hiddenForm(form: FormArgument, splicing: Splicing): string {
  const stretches = form.stretches.map((one) => ({ ...one, text: hideSecrets(one.text, splicing) }))
  return formValue({ ...form, stretches })
}

function sampleFor(argument: CurlArgument, splicing: Splicing, isMade: boolean): CurlSample | undefined {
  const { value, part, form } = argument
  if (part === 'body' && isMade) return '--data-binary @-'
  if (form !== undefined && isMade) return '-K -'
  if (part === 'url' && value !== undefined)
    return spliceUrl(value, splicing).startsWith('"$') ? '"$NAME/..."' : undefined
  return sampleOf(argument)
}
