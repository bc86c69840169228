import { escapeInDoubleQuotes, quoteShell } from '../util/shell-quote.ts'
import type { CurlName } from './curl.ts'

/** A text cut where secrets stand: literal parts and variables in turn. */
export type Piece = { readonly text: string } | { readonly variable: string }

/** A shell word in which every secret is a variable: `"X-Auth-Token: $token"`. `names` come longest first. */
export function spliceWord(text: string, names: readonly CurlName[]): string {
  return wordOf(cutSecrets(text, names))
}

/** As `spliceWord`, with a public URL at the start as a variable too: `"$endpoint/photos/a.jpg"`. */
export function spliceUrl(url: string, names: readonly CurlName[]): string {
  const prefix = names.find(({ value, secret }) => !secret && startsWithUrl(url, value))
  if (prefix === undefined) return spliceWord(url, names)
  return wordOf([{ variable: prefix.variable }, ...cutSecrets(url.slice(prefix.value.length), names)])
}

/** Cuts a text at every occurrence of a secret, the longest secret first at each place. */
export function cutSecrets(text: string, names: readonly CurlName[]): readonly Piece[] {
  const secrets = names.filter(({ secret, value }) => secret && text.includes(value))
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
