import type { SecretPlaces, Span } from '../../model/exchange.ts'
import { escapeInDoubleQuotes, quoteShell } from '../../util/text/shell-quote.ts'

/** A text cut where secrets stand: literal parts and variables in turn. */
export type Piece = { readonly text: string } | { readonly variable: string }

/** What is hidden in a curl line, and how. */
export type Splicing = {
  /** The longest value first. */
  readonly names: readonly CurlName[]
  /** Where secrets stand in a text, in whatever spelling; the spans are in order and do not overlap. */
  find(text: string): readonly Span[]
  isSecretField(name: string): boolean
  /** Where alone secrets stand, of a request whose other texts are shown as they are. */
  readonly places: SecretPlaces | undefined
}

/** A shell word in which every secret is a variable. */
export function spliceWord(text: string, splicing: Splicing): string {
  return wordOf(cutSecrets(text, splicing))
}

/** A header as a shell word in which every secret of its value is a variable: `"X-Auth-Token: $token"`. */
export function spliceHeader(line: string, splicing: Splicing): string {
  const [start = '', name = ''] = /^([^:;]*)[:;] ?/.exec(line) ?? []
  const value = line.slice(start.length)
  const isSecret = splicing.places?.headers.some((one) => one.toLowerCase() === name.toLowerCase())
  const pieces = isSecret === true ? [standIn(value, splicing)] : cutSecrets(value, splicing)
  return wordOf(joined([{ text: start }, ...pieces]))
}

/** A URL as a shell word, with a public URL at the start as a variable too: `"$endpoint/photos/a.jpg"`. */
export function spliceUrl(url: string, splicing: Splicing): string {
  const { names, places } = splicing
  const prefix = names.find(({ value, secret }) => !secret && startsWithUrl(url, value))
  const path = places !== undefined && url.endsWith(places.path) ? places.path : ''
  const between = url.slice(prefix?.value.length ?? 0, url.length - path.length)
  const pieces = [...cutSecrets(between, { ...splicing, places: undefined }), { text: path }]
  return wordOf(joined(prefix === undefined ? pieces : [{ variable: prefix.variable }, ...pieces]))
}

/**
 * Cuts a text where secrets stand. One that is spelled as its variable holds it becomes the variable; in any other spelling,
 * and without a variable, it is hidden. A short secret is looked for only between the others.
 */
export function cutSecrets(text: string, splicing: Splicing): readonly Piece[] {
  const { names, find, places } = splicing
  if (places !== undefined) return text === '' ? [] : [{ text }]
  const secrets = names.filter(({ secret, value }) => secret && text.includes(value))
  const pieces: Piece[] = []
  let at = 0
  for (const { start, end } of find(text)) {
    pieces.push(...cutBetween(text.slice(at, start), secrets))
    pieces.push(standIn(text.slice(start, end), splicing))
    at = end
  }
  pieces.push(...cutBetween(text.slice(at), secrets))
  return joined(pieces)
}

/** As `cutSecrets`, for the text at a JSON pointer of the body. */
export function cutAt(text: string, pointer: string, splicing: Splicing): readonly Piece[] {
  const { places, isSecretField } = splicing
  const name = pointer.slice(pointer.lastIndexOf('/') + 1)
  const isSecret = places === undefined ? isSecretField(name) : places.json.includes(pointer)
  return isSecret && text !== '' ? [standIn(text, splicing)] : cutSecrets(text, splicing)
}

// A text that is a secret as a whole, however short it is.
function standIn(text: string, { names }: Splicing): Piece {
  const whole = names.find(({ secret, value }) => secret && value === text)
  return whole === undefined ? { text: hidden } : { variable: whole.variable }
}

/** A text in which what `cutSecrets` cuts out is hidden. */
export function hideSecrets(text: string, splicing: Splicing): string {
  return cutSecrets(text, splicing)
    .map((piece) => ('text' in piece ? piece.text : hidden))
    .join('')
}

/** What stands for a secret that has no variable. */
const hidden = '***'

function cutBetween(text: string, secrets: readonly CurlName[]): readonly Piece[] {
  const pieces: Piece[] = []
  let literal = 0
  for (let at = 0; secrets.length > 0 && at < text.length; ) {
    const found = secrets.find(({ value }) => text.startsWith(value, at))
    if (found === undefined) {
      at++
      continue
    }
    if (at > literal) pieces.push({ text: text.slice(literal, at) })
    pieces.push({ variable: found.variable })
    at += found.value.length
    literal = at
  }
  if (literal < text.length) pieces.push({ text: text.slice(literal) })
  return pieces
}

// Literal parts that follow each other as one.
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const all: Piece[] = []
  for (const piece of pieces) {
    const last = all.at(-1)
    if ('text' in piece && piece.text === '') continue
    if ('text' in piece && last !== undefined && 'text' in last)
      all.splice(-1, 1, { text: last.text + piece.text })
    else all.push(piece)
  }
  return all
}

function startsWithUrl(url: string, prefix: string): boolean {
  return url.startsWith(prefix) && (prefix.endsWith('/') || /^($|[/?])/.test(url.slice(prefix.length)))
}

function wordOf(pieces: readonly Piece[]): string {
  if (!pieces.some((piece) => 'variable' in piece))
    return quoteShell(pieces.map((piece) => ('text' in piece ? piece.text : '')).join(''))
  // A `!` in double quotes is history expansion in an interactive bash, so such text goes into single quotes.
  if (pieces.some((piece) => 'text' in piece && piece.text.includes('!')))
    return pieces.map((piece) => ('text' in piece ? quoteShell(piece.text) : `"$${piece.variable}"`)).join('')
  const inside = pieces.map((piece, index) => {
    if ('text' in piece) return escapeInDoubleQuotes(piece.text)
    const next = pieces[index + 1]
    const glued = next !== undefined && 'text' in next && /^[A-Za-z0-9_]/.test(next.text)
    return glued ? `\${${piece.variable}}` : `$${piece.variable}`
  })
  return `"${inside.join('')}"`
}

/** A value that stands as a variable in curl lines. */
export type CurlName = {
  readonly value: string
  /** A name that a POSIX shell takes. */
  readonly variable: string
  /** A secret is replaced wherever it stands; a public value only at the start of a URL. */
  readonly secret: boolean
}
