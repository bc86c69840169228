import type { Span } from '../model/exchange.ts'

/** A text as it is, or as it reads once what is escaped in it has been decoded. */
export type View = {
  readonly text: string
  /** How it was decoded, one way after the other. */
  readonly by: ReadonlySet<Decoder>
  /** Whether fields can be told in it: where doubled quotes are one, an empty text would be the beginning of another. */
  readonly hasFields: boolean
  /** Where a stretch of this view stands in the text that was given. */
  sourceOf(span: Span): Span
}

type Decoder = {
  /** What has to be in a text for anything to be decoded. */
  readonly sign: string
  /** What has to be in a secret for it to matter; all are looked for unless given. */
  readonly of?: keyof Alphabet
  readonly pattern: RegExp
  decode(match: readonly (string | undefined)[]): string
}

// C, JSON, JavaScript, Python, and shells in double quotes and in $'...'.
const backslashes: Decoder = {
  sign: '\\',
  pattern: /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([^uxU]))/gs,
  decode([, short, byte, long, octal, one = '']) {
    const hex = short ?? byte ?? long
    if (hex !== undefined) return characterOf(Number.parseInt(hex, 16))
    if (octal !== undefined) return characterOf(Number.parseInt(octal, 8))
    return controls[one] ?? one
  },
}

const controls: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  e: '\x1b',
  E: '\x1b',
}

// Names of HTML for what is in passwords; the last are those of U+00A0 to U+00FF in their order.
const entityNames: ReadonlyMap<string, string> = new Map([
  ...'amp& lt< gt> quot" apos\' Tab\t NewLine\n excl! num# dollar$ percnt% lpar( rpar) ast* plus+ comma, period. sol/ colon: semi; equals= quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] Hat^ lowbar_ grave` lcub{ lbrace{ verbar| vert| rcub} rbrace} euro€'
    .split(' ')
    .map((one): [string, string] => [one.slice(0, -1), one.slice(-1)]),
  ...'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
    .split(' ')
    .map((name, index): [string, string] => [name, String.fromCharCode(0xa0 + index)]),
])

const entities: Decoder = {
  sign: '&',
  pattern: /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,7}));/g,
  decode: ([whole = '', decimal, hex, name = '']) =>
    decimal !== undefined
      ? characterOf(Number(decimal))
      : hex !== undefined
        ? characterOf(Number.parseInt(hex, 16))
        : (entityNames.get(name) ?? whole),
}

// One character of UTF-8 at a time, or a byte that is none.
const percents: Decoder = {
  sign: '%',
  pattern:
    /%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-7](?:%[89ab][0-9a-f]){3}|%[89a-f][0-9a-f]/gi,
  decode([whole = '']) {
    try {
      return decodeURIComponent(whole)
    } catch {
      return Buffer.from(whole.replaceAll('%', ''), 'hex').toString('latin1')
    }
  },
}

const pluses: Decoder = { sign: '+', of: 'blank', pattern: /\+/g, decode: () => ' ' }

// A quote within quotes, as YAML and shells write it, and as CSV does.
const singles: Decoder = { sign: "'", of: 'single', pattern: /'\\''|'"'"'|''/g, decode: () => "'" }
const doubles: Decoder = { sign: '""', of: 'double', pattern: /""/g, decode: () => '"' }

// Base64 in lines.
const lines: Decoder = {
  sign: '\n',
  pattern: /(?<=[\w+/=-])\r?\n[ \t]*(?=[\w+/=-])/g,
  decode: () => '',
}

const decoders: readonly Decoder[] = [backslashes, entities, percents, lines, pluses, singles, doubles]

/** Characters of which one stands in each text with anything to be decoded, as the inside of a class of a regular expression. */
export const viewSigns = '\\\\&%\\n+\'"'

/** How deep escapes stand in each other: JSON in JSON in HTML. */
const deepest = 3

/** How many characters all views of a text may have, in texts of this length; a shorter text has each of its views. */
const mostCharacters = 1 << 22

/** What characters decide whether a way of decoding can matter at all. */
export type Alphabet = {
  readonly blank: boolean
  readonly single: boolean
  readonly double: boolean
}

/**
 * The views of a text, itself the first: with escapes decoded, and those within escapes. A text without any has one view alone.
 */
export function viewsOf(text: string, alphabet: Alphabet): Iterable<View> {
  const plain: View = { text, by: none, hasFields: true, sourceOf: itself }
  const isEscaped = decoders.some(({ sign, of }) => text.includes(sign) && (of === undefined || alphabet[of]))
  return isEscaped ? decodedViews(plain, alphabet) : [plain]
}

const none: ReadonlySet<Decoder> = new Set()
const itself = (span: Span): Span => span

function* decodedViews(plain: View, alphabet: Alphabet): Generator<View> {
  const used = decoders.filter(({ of }) => of === undefined || alphabet[of])
  const seen = new Set([plain.text])
  let level: readonly View[] = [plain]
  let characters = 0
  for (let depth = 0; level.length > 0; depth++) {
    yield* level
    if (depth === deepest) return
    const next: View[] = []
    for (const view of level)
      for (const decoder of used) {
        if (!view.text.includes(decoder.sign)) continue
        // Where backslashes escape, the second of two quotes ends a text.
        if (view.by.has(doubles) ? decoder === backslashes : view.by.has(backslashes) && decoder === doubles)
          continue
        if (depth > 0 && characters > mostCharacters) return
        const decoded = decodedView(view, decoder)
        characters += view.text.length
        if (seen.has(decoded.text)) continue
        seen.add(decoded.text)
        next.push(decoded)
      }
    level = next
  }
}

function decodedView(view: View, by: Decoder): View {
  const { pattern, decode } = by
  const text = view.text.replace(pattern, (...match) => decode(match as (string | undefined)[]))
  let moved: readonly Move[] | undefined
  return {
    text,
    by: new Set([...view.by, by]),
    hasFields: view.hasFields && by !== doubles && by !== singles,
    sourceOf({ start, end }) {
      moved ??= movesOf(view.text, pattern, decode)
      return view.sourceOf({ start: sourceAt(moved, start, 'start'), end: sourceAt(moved, end - 1, 'end') })
    },
  }
}

/** Where a match stands in the decoded text, and where in its source. */
type Move = { readonly at: number; readonly to: number; readonly start: number; readonly end: number }

function movesOf(text: string, pattern: RegExp, decode: Decoder['decode']): readonly Move[] {
  const moves: Move[] = []
  let shift = 0
  for (const match of text.matchAll(pattern)) {
    const start = match.index
    const end = start + match[0].length
    const at = start - shift
    const to = at + decode(match).length
    shift = end - to
    moves.push({ at, to, start, end })
  }
  return moves
}

// Of a character of the decoded text: where it begins or ends in the source.
function sourceAt(moves: readonly Move[], index: number, edge: 'start' | 'end'): number {
  let [low, high] = [0, moves.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((moves[middle]?.at ?? 0) <= index) low = middle + 1
    else high = middle
  }
  const move = moves[low - 1]
  if (move === undefined) return edge === 'start' ? index : index + 1
  if (index < move.to) return move[edge]
  const source = move.end + index - move.to
  return edge === 'start' ? source : source + 1
}

function characterOf(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}
