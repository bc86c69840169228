import type { HttpRequest, TlsOptions } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { requestTarget } from '../../util/request-target.ts'
import type { FormArgument } from './curl-form.ts'
import { formArgument, formValue } from './curl-form.ts'

/**
 * One option of curl with its value, which is not quoted yet. `part` names what the printed line and the executed one
 * spell in their own way; `answer` says where the answer goes, which is a terminal for one and a pipe for the other.
 */
export type CurlArgument = {
  readonly option: CurlOption
  readonly value?: string
  readonly part?: 'url' | 'header' | 'body' | 'answer'
  /** What the value is made of, for a part of a form. */
  readonly form?: FormArgument
}

/** The options that a request can need. */
type CurlOption =
  | '-I'
  | '-i'
  | '-X'
  | '-H'
  | '-d'
  | '-o'
  | '-T'
  | '-F'
  | '--form-string'
  | '--url'
  | '--cacert'
  | '--cert'
  | '--key'
  | '--insecure'
  | '--globoff'
  | '--path-as-is'
  | '--dump-header'
  | '--data-raw'
  | '--data-binary'

/**
 * What curl is told to send a request, in order: the one source of the printed line and of the executed one.
 * https://curl.se/docs/manpage.html
 */
export function curlArguments(request: HttpRequest, tls: TlsOptions): readonly CurlArgument[] {
  const url = wireUrl(request.url)
  const body = bodyArguments(request, url)
  return [
    ...methodArguments(request, body[0]?.option),
    ...tlsArguments(tls),
    ...urlArguments(request, url),
    ...headerLines(request).map((value) => ({ option: '-H', value, part: 'header' }) as const),
    ...(request.saveTo === undefined
      ? []
      : [{ option: '-o', value: request.saveTo, part: 'answer' } as const]),
    ...body,
  ]
}

// Headers alone for a HEAD, headers and body together otherwise; a body that is saved has no headers before it.
function methodArguments(
  { method, saveTo }: HttpRequest,
  body: CurlOption | undefined,
): readonly CurlArgument[] {
  if (method === 'HEAD') return [{ option: '-I' } as const]
  const made = body === undefined ? 'GET' : body === '-T' ? 'PUT' : 'POST'
  return [
    saveTo === undefined
      ? { option: '-i', part: 'answer' }
      : { option: '--dump-header', value: '-', part: 'answer' },
    // A body that is empty stands for none, and its line says which method it is.
    ...(method === made && body !== '-d' ? [] : [{ option: '-X', value: method } as const]),
  ]
}

/** Whom curl trusts, and how it shows who asks. */
export function tlsArguments({ cacert, cert, key, insecure }: TlsOptions): readonly CurlArgument[] {
  return [
    ...(insecure
      ? [{ option: '--insecure' } as const]
      : cacert === undefined
        ? []
        : [{ option: '--cacert', value: cacert } as const]),
    // What follows a colon would be a password.
    ...(cert === undefined ? [] : [{ option: '--cert', value: cert.replace(/[\\:]/g, '\\$&') } as const]),
    ...(key === undefined ? [] : [{ option: '--key', value: key } as const]),
  ]
}

function urlArguments({ url: written, body }: HttpRequest, url: string): readonly CurlArgument[] {
  // -T takes braces and brackets for patterns too.
  const globs = /[[\]{}]/.test(url) || (body?.kind === 'file' && /[[\]{}]/.test(body.path))
  const dots = /\/(\.|%2e){1,2}(\/|$|\?)/i.test(written.replace(/^[a-z]+:\/\/|#.*$/gis, ''))
  return [
    ...(globs ? [{ option: '--globoff' } as const] : []),
    ...(dots ? [{ option: '--path-as-is' } as const] : []),
    { option: '--url', value: url, part: 'url' },
  ]
}

// curl would send a user in the URL as a header, and spells what is not ASCII in its own way.
function wireUrl(url: string): string {
  if (!URL.canParse(url)) return url
  const [authority, host = ''] = /^https?:\/\/([!-~]+?)(?=[/?#]|$)/i.exec(url) ?? []
  const start = authority === undefined || /[@\\]/.test(host) ? new URL(url).origin : authority
  return url === start ? url : `${start}${requestTarget(url)}`
}

/** Headers that say nothing about the API; curl sends its own. */
const ownHeaders = /^(content-length|user-agent|connection|transfer-encoding)$/i

function headerLines(request: HttpRequest): readonly string[] {
  const lines = request.headers
    .filter(([name, value]) => !ownHeaders.test(name) && !(/^accept$/i.test(name) && value === '*/*'))
    // A header without a value would be taken out.
    .map(([name, value]) => (/^[ \t]*$/.test(value) ? `${name};` : `${name}: ${value}`))
  // What curl would add of its own is taken out where the request has nothing of the kind.
  if (headerOf(request.headers, 'Accept') === undefined) lines.push('Accept:')
  if (request.body?.kind === 'text' && headerOf(request.headers, 'Content-Type') === undefined)
    lines.push('Content-Type:')
  return lines
}

/** From this size on curl asks whether it may send a text body; a file that it streams it always asks for. */
const askingSize = 1024 * 1024

function bodyArguments({ body, method, headers }: HttpRequest, url: string): readonly CurlArgument[] {
  const untyped = headerOf(headers, 'Content-Type') === undefined
  const without = (name: string): CurlArgument => ({ option: '-H', value: `${name}:` })
  if (body === undefined)
    return /^(PUT|POST|PATCH)$/.test(method)
      ? [{ option: '-d', value: '' }, ...(untyped ? [without('Content-Type')] : [])]
      : []
  if (body.kind === 'multipart')
    return [
      ...body.parts
        .map((part) => formArgument(part))
        .map((form) => ({ option: form.option, value: formValue(form), form })),
      without('Expect'),
    ]
  if (body.kind === 'text')
    return [
      // --data-raw takes a leading @ for what it is.
      { option: body.text.startsWith('@') ? '--data-raw' : '--data-binary', value: body.text, part: 'body' },
      ...(body.text.length >= askingSize / 3 && Buffer.byteLength(body.text) >= askingSize
        ? [without('Expect')]
        : []),
    ]
  // -T would add the file's name to a URL that ends in a slash; --data-binary holds the whole file in memory.
  if (requestTarget(url).replace(/\?.*$/s, '').endsWith('/'))
    return [
      { option: '--data-binary', value: `@${body.path}` },
      ...(untyped ? [without('Content-Type')] : []),
      without('Expect'),
    ]
  // curl takes a lone - or . for its own input.
  const path = body.path === '-' || body.path === '.' ? `./${body.path}` : body.path
  return [{ option: '-T', value: path }, without('Expect')]
}
