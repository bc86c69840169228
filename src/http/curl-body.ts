import type { RequestBody } from '../model/exchange.ts'
import { quoteShell } from '../util/shell-quote.ts'
import type { CurlName } from './curl.ts'
import type { FormArgument } from './curl-form.ts'
import { escapeQuoted } from './curl-form.ts'
import type { CurlPart } from './curl-parts.ts'
import { cutSecrets } from './curl-splice.ts'

/** The longest body that is an argument, in characters: Linux takes no argument of 128 KiB. */
const longestArgument = 32 * 1024

/**
 * What runs before curl and writes the body for it; nothing when the body can be an argument. A JSON body with
 * secrets comes from jq, which reads them from its environment and quotes them; any other text with secrets, and one
 * that is too long, comes from printf, which a shell has built in; so does a jq program that is too long. Neither has
 * them in its arguments as another process sees them.
 */
export function bodyMaker(
  body: RequestBody & { readonly kind: 'text' },
  names: readonly CurlName[],
): readonly CurlPart[] {
  const secrets = names.filter(({ secret }) => secret)
  if (body.json !== undefined) {
    const { filter, used } = jqFilter(body.json, secrets)
    if (used.size > 0) {
      const isLong = filter.length > longestArgument
      const program = isLong ? '-f /dev/stdin' : quoteShell(filter)
      return [
        ...(isLong ? [{ text: `printf %s ${quoteShell(filter)} |` }] : []),
        { sample: 'NAME="$NAME"', text: exported(used) },
        { sample: 'jq -cnj ...', text: `jq -cnj ${program}` },
      ]
    }
  }
  const pieces = cutSecrets(body.text, body.json === undefined ? secrets : [])
  if (body.text.length <= longestArgument && !pieces.some((piece) => 'variable' in piece)) return []
  const format = pieces.map(() => '%s').join('')
  const words = pieces.map((piece) => ('text' in piece ? quoteShell(piece.text) : `"$${piece.variable}"`))
  return [{ sample: 'printf ...', text: `printf ${format} ${words.join(' ')}` }]
}

/**
 * What runs before curl and writes the parts of a form for it, as a configuration; nothing when no part has a secret.
 * https://curl.se/docs/manpage.html#-K
 */
export function formMaker(forms: readonly FormArgument[], names: readonly CurlName[]): readonly CurlPart[] {
  const secrets = names.filter(({ secret }) => secret)
  const used = new Set<string>()
  const write = ({ option, stretches }: FormArgument): string => {
    const terms: string[] = []
    let literal = ''
    const flush = (): void => {
      if (literal !== '') terms.push(jqString(literal))
      literal = ''
    }
    for (const { text, quoted } of stretches) {
      const quote = quoted ? '"' : ''
      literal += quote
      for (const piece of cutSecrets(text, secrets)) {
        if ('text' in piece) literal += quoted ? escapeQuoted(piece.text) : piece.text
        else {
          flush()
          used.add(piece.variable)
          terms.push(quoted ? `(env.${piece.variable}|${jqEscapes})` : `env.${piece.variable}`)
        }
      }
      literal += quote
    }
    flush()
    return `"${option === '-F' ? 'form' : 'form-string'}="+(${terms.join('+')}|@json)`
  }
  const program = forms.map(write).join(',')
  if (used.size === 0) return []
  return [
    { sample: 'NAME="$NAME"', text: exported(used) },
    { sample: 'jq -rn ...', text: `jq -rn ${quoteShell(program)}` },
  ]
}

/** escapeQuoted, for jq. */
const jqEscapes = String.raw`gsub("(?<c>[\\\\\"])";"\\\(.c)")`

function exported(used: ReadonlySet<string>): string {
  return [...used].map((variable) => `${variable}="$${variable}"`).join(' ')
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
  // -j writes a text that is the whole body as it is, not as JSON.
  return { filter: `${write(value)}${typeof value === 'string' ? '|tojson' : ''}`, used }
}

// In a jq program `\(` in a string is interpolation; JSON never writes a backslash before a parenthesis.
function jqString(text: string): string {
  return JSON.stringify(text)
}
