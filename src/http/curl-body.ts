import type { HttpRequest } from '../model/exchange.ts'
import { quoteShell } from '../util/shell-quote.ts'
import type { CurlName } from './curl.ts'
import { type CurlPart, curlPart } from './curl-parts.ts'
import { cutSecrets } from './curl-splice.ts'

/** The options for a body, and what runs before curl to make one that holds secrets. */
export type CurlBody = { readonly before: readonly CurlPart[]; readonly parts: readonly CurlPart[] }

/**
 * How curl gets the body. A JSON body with secrets comes from jq, which reads them from its environment and
 * quotes them; any other text with secrets comes from printf, which a shell has built in. Neither has them
 * in its arguments as another process sees them.
 */
export function curlBody({ body, method }: HttpRequest, names: readonly CurlName[]): CurlBody {
  if (body === undefined)
    return /^(PUT|POST|PATCH)$/.test(method)
      ? { before: [], parts: [curlPart("-d ''"), curlPart('-H Content-Type:')] }
      : { before: [], parts: [] }
  if (body.kind === 'file') {
    const file =
      method === 'PUT'
        ? curlPart('-T ...', fileWord(body.path))
        : curlPart('--data-binary @...', quoteShell(`@${body.path}`))
    return { before: [], parts: [file, curlPart('-H Expect:')] }
  }
  const secrets = names.filter(({ secret }) => secret)
  const before = body.json === undefined ? printed(body.text, secrets) : madeByJq(body.json, secrets)
  if (before.length > 0) return { before: [...before, { text: '|' }], parts: [curlPart('--data-binary @-')] }
  // --data-raw takes a leading @ for what it is.
  const option = body.text.startsWith('@') ? '--data-raw ...' : '--data-binary ...'
  return { before: [], parts: [curlPart(option, quoteShell(body.text))] }
}

function printed(source: string, secrets: readonly CurlName[]): readonly CurlPart[] {
  const pieces = cutSecrets(source, secrets)
  if (!pieces.some((piece) => 'variable' in piece)) return []
  const format = pieces.map(() => '%s').join('')
  const words = pieces.map((piece) => ('text' in piece ? quoteShell(piece.text) : `"$${piece.variable}"`))
  return [curlPart('printf ...', `${format} ${words.join(' ')}`)]
}

function madeByJq(json: unknown, secrets: readonly CurlName[]): readonly CurlPart[] {
  const { filter, used } = jqFilter(json, secrets)
  if (used.size === 0) return []
  const exported = [...used].map((variable) => `${variable}="$${variable}"`).join(' ')
  return [{ sample: 'NAME="$NAME"', text: exported }, curlPart('jq -cnj ...', `-cnj ${quoteShell(filter)}`)]
}

// curl takes a lone - or . for its own input.
function fileWord(path: string): string {
  return quoteShell(path === '-' || path === '.' ? `./${path}` : path)
}

function jqFilter(
  value: unknown,
  secrets: readonly CurlName[],
): { readonly filter: string; readonly used: ReadonlySet<string> } {
  const used = new Set<string>()
  const text = (string: string): string => {
    const pieces = cutSecrets(string, secrets)
    for (const piece of pieces) if ('variable' in piece) used.add(piece.variable)
    if (pieces.length === 0) return '""'
    const parts = pieces.map((piece) => ('text' in piece ? jqString(piece.text) : `env.${piece.variable}`))
    return parts.length === 1 ? (parts[0] ?? '""') : `(${parts.join('+')})`
  }
  const write = (node: unknown): string => {
    if (typeof node === 'string') return text(node)
    if (typeof node !== 'object' || node === null) return JSON.stringify(node)
    if (Array.isArray(node)) return `[${node.map(write).join(',')}]`
    return `{${Object.entries(node)
      .filter(([, child]) => child !== undefined)
      .map(([key, child]) => `${jqString(key)}:${write(child)}`)
      .join(',')}}`
  }
  return { filter: write(value), used }
}

// In a jq program `\(` in a string is interpolation; JSON never writes a backslash before a parenthesis.
function jqString(text: string): string {
  return JSON.stringify(text)
}
