import type { ParameterExpansionPart, Word, WordPart } from 'unbash'
import { type PatternPart, without } from './pattern.ts'
import type { Shell } from './shell.ts'
import type { Placed, Text } from './variables.ts'

/** How a word is read. */
type Reading = {
  /** In an assignment a `~` may also follow a colon. */
  readonly kind: 'assignment' | 'word' | 'operand' | 'ignored'
  readonly quoted: boolean
}

// `open` came out of an expansion outside of quotes, so it may fall into several words; `wild` is a sign of a pattern.
type Piece = Text & { readonly kind: 'plain' | 'quoted' | 'open' | 'wild' }

/** The value of an assignment: neither split nor matched with files. Throws where only a shell knows it. */
export function expandValue(word: Word, shell: Shell): Text {
  return joined(pieces(word, { kind: 'assignment', quoted: false }, shell))
}

/** The text of a word that is not split, as `[[ … ]]` has it. Throws where only a shell knows it. */
export function expandText(word: Word, shell: Shell): Text {
  return joined(pieces(word, { kind: 'word', quoted: false }, shell))
}

/** Only what expanding a word does, as `${NAME:=value}`; a command in it cannot change the shell, and is left out. */
export function expandIgnored(word: Word, shell: Shell): void {
  pieces(word, { kind: 'ignored', quoted: false }, shell)
}

/** The words that an argument becomes. Throws where files would have to be looked at. */
export function expandFields(word: Word, shell: Shell): readonly Text[] {
  const fields: Text[] = []
  let current: Text | undefined
  const finish = (): void => {
    if (current !== undefined) fields.push(current)
    current = undefined
  }
  for (const { kind, text, asked } of pieces(word, { kind: 'word', quoted: false }, shell)) {
    if (kind === 'wild' || (kind === 'open' && /[*?[\\]/.test(text)))
      throw shell.refuse(word, 'a pattern that would be matched with files')
    const split = kind === 'open' ? text.split(/[ \t\n]+/) : [text]
    for (const [index, part] of split.entries()) {
      if (index > 0) finish()
      if (part === '' && kind !== 'quoted' && !asked) continue
      current = { text: (current?.text ?? '') + part, asked: current?.asked === true || asked }
    }
  }
  finish()
  return fields
}

/** A word as a pattern: what is quoted stands for itself. Throws for more than `*` and `?`. */
export function expandPattern(word: Word, shell: Shell): readonly PatternPart[] {
  return pieces(word, { kind: 'word', quoted: false }, shell).flatMap(
    ({ kind, text, asked }): readonly PatternPart[] => {
      if (asked) throw shell.refuse(word, 'a condition on what the user is asked for')
      if (kind === 'wild') return [text === '*' ? 'any' : 'one']
      if (kind === 'open' && /[*?[\\(]/.test(text)) throw shell.refuse(word, 'a pattern in a variable')
      return [...text].map((character) => ({ character }))
    },
  )
}

function joined(all: readonly Piece[]): Text {
  return { text: all.map(({ text }) => text).join(''), asked: all.some(({ asked }) => asked) }
}

function pieces(word: Word, reading: Reading, shell: Shell): readonly Piece[] {
  const parts = word.parts ?? [
    { type: 'Literal' as const, ...placeOf(word), text: word.text, value: word.value },
  ]
  return parts.flatMap((part, index) => {
    if (part.type !== 'Literal') return piecesOf(part, reading, shell)
    const ends = { isFirst: index === 0, isLast: index === parts.length - 1 }
    return [literal(part, { ...reading, ...ends }, shell)]
  })
}

function placeOf({ pos, end }: Placed): Placed {
  return { pos, end }
}

type Literal = Extract<WordPart, { readonly type: 'Literal' }>

function literal(
  part: Literal,
  { kind, quoted, isFirst, isLast }: Reading & { readonly isFirst: boolean; readonly isLast: boolean },
  shell: Shell,
): Piece {
  const { text: raw, value } = part
  if (quoted) return { kind: 'quoted', text: value, asked: false }
  const mayBeTilde = (isFirst && raw.startsWith('~')) || (kind !== 'word' && raw.includes(':~'))
  if (!mayBeTilde || kind === 'ignored')
    // Of a default, what stands outside of quotes is split as the variable would be.
    return {
      kind: kind === 'operand' && !raw.includes('\\') ? 'open' : 'plain',
      text: value,
      asked: false,
    }
  const home = shell.read('HOME', part)?.text
  const tilde = kind !== 'assignment' ? /^~(?=\/|$)/ : isFirst ? /(?<=^|:)~(?=[/:]|$)/g : /(?<=:)~(?=[/:]|$)/g
  const text = raw.replace(tilde, () => home ?? '')
  if (home === undefined || /\\|(?:^|:)~/.test(text) || (!isLast && raw.endsWith('~')))
    throw shell.refuse(part, 'a `~` that only a shell can follow')
  return { kind: 'quoted', text, asked: false }
}

function piecesOf(part: WordPart, reading: Reading, shell: Shell): readonly Piece[] {
  const { quoted, kind } = reading
  const open = quoted ? 'quoted' : 'open'
  switch (part.type) {
    case 'SingleQuoted':
      return [{ kind: 'quoted', text: part.value, asked: false }]
    case 'AnsiCQuoted':
      if (/\\x\{|(?:^|[^\\])(?:\\\\)*\\\n/.test(part.text))
        throw shell.refuse(part, 'an escape that depends on the shell')
      // Bytes that are no text became this sign.
      if (count(part.value, '\ufffd') > count(part.text, '\ufffd') || /\p{Surrogate}/u.test(part.value))
        throw shell.refuse(part, 'bytes that are not UTF-8')
      return [{ kind: 'quoted', text: part.value, asked: false }]
    case 'DoubleQuoted':
    case 'LocaleString': {
      const inner = part.parts.flatMap((one) =>
        one.type === 'Literal'
          ? [{ kind: 'quoted' as const, text: one.value, asked: false }]
          : piecesOf(one, { kind, quoted: true }, shell),
      )
      return [{ kind: 'quoted', text: '', asked: false }, ...inner]
    }
    case 'Glob':
      if (part.kind !== 'bracket') return [{ kind: 'wild', text: part.text, asked: false }]
      if (kind === 'assignment' && !/["'$`\\~]/.test(part.text))
        return [{ kind: 'plain', text: part.text, asked: false }]
      break
    case 'SimpleExpansion':
      if (kind === 'ignored' && !shell.options.nounset) return []
      return [{ kind: open, ...present(part.text.slice(1), part, shell) }]
    case 'ParameterExpansion':
      return parameter(part, reading, shell)
    case 'CommandExpansion':
      // `${ …; }` runs in the shell itself.
      if (kind === 'ignored' && !part.text.startsWith('${')) return []
      break
    case 'ExtendedGlob':
    case 'BraceExpansion':
      if (kind === 'ignored' && part.parts === undefined) return []
  }
  throw shell.refuse(part, names[part.type] ?? 'something that only a shell can work out')
}

const names: Readonly<Partial<Record<WordPart['type'], string>>> = {
  CommandExpansion: 'a command in place of a value',
  ArithmeticExpansion: 'a calculation',
  ProcessSubstitution: 'a command in place of a file',
  ExtendedGlob: 'a pattern of bash',
  Glob: 'a pattern with brackets',
  BraceExpansion: 'braces that stand for several words',
}

function count(text: string, sign: string): number {
  return text.split(sign).length
}

function present(name: string, at: Placed, shell: Shell): Text {
  const value = shell.read(name, at)
  if (value === undefined && shell.options.nounset)
    throw shell.refuse(at, 'a variable that is not set, under `set -u`')
  return value ?? { text: '', asked: false }
}

function parameter(part: ParameterExpansionPart, { quoted, kind }: Reading, shell: Shell): readonly Piece[] {
  const { parameter: name, operation, prefix, index } = part
  const open = quoted ? 'quoted' : 'open'
  if (index !== undefined) throw shell.refuse(part, 'an array')
  if (prefix === '!') {
    if (operation?.type !== 'Names' || quoted || kind === 'assignment')
      throw shell.refuse(part, 'a name that stands in another variable')
    return [{ kind: 'open', text: shell.variables.names(name).join(' '), asked: false }]
  }
  if (prefix === '#') {
    const { text, asked } = present(name, part, shell)
    // Of other text it depends on the locale.
    if (operation !== undefined || asked || /[^\0-\x7f]/.test(text)) throw shell.refuse(part, 'a length')
    return [{ kind: open, text: String(text.length), asked }]
  }
  switch (operation?.type) {
    case undefined:
      return [{ kind: open, ...present(name, part, shell) }]
    case 'Remove': {
      const { text, asked } = present(name, part, shell)
      const pattern = expandPattern(operation.operand, shell)
      if (asked || text.length > longestMatched) throw shell.refuse(part, 'a text that is cut')
      return [{ kind: open, text: without(text, operation.operator, pattern), asked }]
    }
    case 'Default': {
      const { operator, operand } = operation
      const inner = kind === 'ignored' ? kind : 'operand'
      const value = shell.read(name, part)
      const isMissing = value === undefined || (operator.startsWith(':') && value.text === '' && !value.asked)
      if (operator.endsWith('+')) {
        if (value?.asked === true) throw shell.refuse(part, 'a condition on what the user is asked for')
        return isMissing ? [] : pieces(operand, { kind: inner, quoted }, shell)
      }
      if (!isMissing) return [{ kind: open, ...value }]
      if (operator.endsWith('?')) throw shell.refuse(part, 'a variable that has to be set and is not')
      if (operator.endsWith('-')) return pieces(operand, { kind: inner, quoted }, shell)
      const fallback = pieces(operand, { kind: 'operand', quoted }, shell)
      shell.assign(name, joined(fallback), part)
      return [{ kind: open, ...joined(fallback) }]
    }
    default:
      throw shell.refuse(part, 'a form of a variable that only a shell knows')
  }
}

const longestMatched = 4096
