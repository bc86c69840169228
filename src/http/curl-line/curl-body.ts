import type { RequestBody } from '../../model/exchange.ts'
import { quoteShell } from '../../util/text/shell-quote.ts'
import type { FormArgument } from './curl-form.ts'
import { escapeQuoted } from './curl-form.ts'
import type { CurlPart } from './curl-parts.ts'
import { cutAt, cutSecrets, hideSecrets, type Piece, type Splicing } from './curl-splice.ts'

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
  splicing: Splicing,
): readonly CurlPart[] {
  if (body.json !== undefined) {
    const { filter, used } = jqFilter(body.json, splicing)
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
  const pieces =
    body.json === undefined ? cutSecrets(body.text, splicing) : [{ text: hideSecrets(body.text, splicing) }]
  if (body.text.length <= longestArgument && !pieces.some((piece) => 'variable' in piece)) return []
  const format = pieces.map(() => '%s').join('')
  const words = pieces.map((piece) => ('text' in piece ? quoteShell(piece.text) : `"$${piece.variable}"`))
  return [{ sample: 'printf ...', text: `printf ${format} ${words.join(' ')}` }]
}

/**
 * What runs before curl and writes the parts of a form for it, as a configuration; nothing when no part has a secret.
 * https://curl.se/docs/manpage.html#-K
 */
export function formMaker(forms: readonly FormArgument[], splicing: Splicing): readonly CurlPart[] {
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
      for (const piece of cutSecrets(text, splicing)) {
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
  splicing: Splicing,
): { readonly filter: string; readonly used: ReadonlySet<string> } {
  const used = new Set<string>()
  const term = (pieces: readonly Piece[]): string => {
    for (const piece of pieces) if ('variable' in piece) used.add(piece.variable)
    if (pieces.length === 0) return '""'
    const parts = pieces.map((piece) => ('text' in piece ? jqString(piece.text) : `env.${piece.variable}`))
    return parts.length === 1 ? (parts[0] ?? '""') : `(${parts.join('+')})`
  }
  const key = (text: string): string => {
    const pieces = splicing.places === undefined ? cutSecrets(text, splicing) : [{ text }]
    const written = term(pieces)
    return pieces.some((piece) => 'variable' in piece) && !written.startsWith('(') ? `(${written})` : written
  }
  const number = (value: number | bigint): string => {
    const text = String(value)
    const pieces = cutSecrets(text, splicing)
    const [first] = pieces
    if (first !== undefined && 'variable' in first && pieces.length === 1) return `(${term(pieces)}|tonumber)`
    const shown = hideSecrets(text, splicing)
    return shown === text ? text : jqString(shown)
  }
  const write = (node: unknown, pointer: string): string => {
    if (typeof node === 'string') return term(cutAt(node, pointer, splicing))
    if (typeof node === 'number' || typeof node === 'bigint') return number(node)
    if (typeof node !== 'object' || node === null) return JSON.stringify(node)
    if (Array.isArray(node))
      return `[${node.map((item, index) => write(item, `${pointer}/${index}`)).join(',')}]`
    return `{${Object.entries(node)
      .filter(([, child]) => child !== undefined)
      .map(([name, child]) => `${key(name)}:${write(child, `${pointer}/${name}`)}`)
      .join(',')}}`
  }
  // jq before 1.7 would round its integers, so it is told the text of the JSON around its values.
  const text = (node: unknown, pointer: string): string => {
    if (!holdsBigint(node)) return `(${write(node, pointer)}|tojson)`
    if (typeof node !== 'object' || node === null) return jqString(String(node))
    const isList = Array.isArray(node)
    const members = Object.entries(node).map(([name, child]) => {
      const value = text(child, `${pointer}/${name}`)
      return isList ? value : `(${key(name)}|tojson)+":"+${value}`
    })
    const [open, close] = isList ? ['[', ']'] : ['{', '}']
    return `("${open}"+${members.join('+","+')}+"${close}")`
  }
  if (holdsBigint(value)) return { filter: text(value, ''), used }
  // -j writes a text that is the whole body as it is, not as JSON.
  return { filter: `${write(value, '')}${typeof value === 'string' ? '|tojson' : ''}`, used }
}

function holdsBigint(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint'
  return Object.values(value).some(holdsBigint)
}

// In a jq program `\(` in a string is interpolation; JSON never writes a backslash before a parenthesis.
function jqString(text: string): string {
  return JSON.stringify(text)
}
