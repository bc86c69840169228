import type { HttpRequest } from '../model/exchange.ts'
import { quoteShell } from '../util/shell-quote.ts'
import type { CurlName } from './curl.ts'
import { cutSecrets } from './curl-splice.ts'

/** The words for a body, and what runs before curl to make one that holds secrets. */
export type CurlBody = { readonly before: string; readonly words: readonly string[] }

/**
 * How curl gets the body. A JSON body with secrets comes from jq, which reads them from its environment and
 * quotes them; any other text with secrets comes from printf, which a shell has built in. Neither has them
 * in its arguments as another process sees them.
 */
export function curlBody({ body, method }: HttpRequest, names: readonly CurlName[]): CurlBody {
  if (body === undefined)
    return /^(PUT|POST|PATCH)$/.test(method)
      ? { before: '', words: ['-d', "''", '-H', 'Content-Type:'] }
      : { before: '', words: [] }
  if (body.kind === 'file')
    return {
      before: '',
      words:
        method === 'PUT'
          ? ['-T', fileWord(body.path), '-H', 'Expect:']
          : ['--data-binary', quoteShell(`@${body.path}`), '-H', 'Expect:'],
    }
  const secrets = names.filter(({ secret }) => secret)
  const source = body.json === undefined ? body.text : undefined
  if (source === undefined) {
    const { filter, used } = jqFilter(body.json, secrets)
    if (used.size > 0)
      return { before: `${exported(used)}jq -cnj ${quoteShell(filter)} | `, words: ['--data-binary', '@-'] }
  } else {
    const pieces = cutSecrets(source, secrets)
    const used = pieces.flatMap((piece) => ('variable' in piece ? [piece.variable] : []))
    if (used.length > 0) {
      const format = pieces.map(() => '%s').join('')
      const words = pieces.map((piece) => ('text' in piece ? quoteShell(piece.text) : `"$${piece.variable}"`))
      return { before: `printf ${format} ${words.join(' ')} | `, words: ['--data-binary', '@-'] }
    }
  }
  // --data-raw takes a leading @ for what it is.
  return {
    before: '',
    words: [body.text.startsWith('@') ? '--data-raw' : '--data-binary', quoteShell(body.text)],
  }
}

// curl takes a lone - or . for its own input.
function fileWord(path: string): string {
  return quoteShell(path === '-' || path === '.' ? `./${path}` : path)
}

function exported(used: ReadonlySet<string>): string {
  return [...used].map((variable) => `${variable}="$${variable}" `).join('')
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
