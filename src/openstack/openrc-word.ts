import type { OsrunError } from '../model/problem.ts'

/** What reading a word needs: variables, and the error for what only a shell can do. */
export type WordReader = {
  lookup(name: string): string | undefined
  refuse(what: string): OsrunError
}

/**
 * Reads one word as a shell does, up to a space: bare, 'single', "double" and $'escaped' parts, with variables.
 * `length` is what was read of the text, `variables` are the names that stand in it.
 */
export function readWord(
  text: string,
  { lookup, refuse }: WordReader,
): { readonly value: string; readonly length: number; readonly variables: readonly string[] } {
  const variables: string[] = []
  let value = ''
  let at = 0
  const expand = (): void => {
    const { length, name, fallback, evenEmpty } = variableAt(text.slice(at), refuse)
    variables.push(name)
    const found = lookup(name)
    value += found === undefined || (found === '' && evenEmpty) ? (fallback ?? '') : found
    at += length
  }
  const readDouble = (): void => {
    at++
    while (text[at] !== '"') {
      if (at >= text.length) throw refuse('a quote that is not closed')
      if (text[at] === '\\' && /[\\"$`]/.test(text[at + 1] ?? '')) {
        value += text[at + 1]
        at += 2
      } else if (text[at] === '`') throw refuse('a command between backquotes')
      else if (isVariable(text, at)) expand()
      else value += text[at++]
    }
    at++
  }
  while (at < text.length && !/\s/.test(text[at] ?? '')) {
    const character = text[at] ?? ''
    if (character === "'") {
      const end = text.indexOf("'", at + 1)
      if (end < 0) throw refuse('a quote that is not closed')
      value += text.slice(at + 1, end)
      at = end + 1
    } else if (character === '"') readDouble()
    else if (character === '\\') {
      value += text[at + 1] ?? ''
      at += 2
    } else if (character === '`') throw refuse('a command between backquotes')
    else if (character === '$' && text[at + 1] === "'") {
      const [whole = '', inner = ''] = /^\$'((?:[^'\\]|\\.)*)'/.exec(text.slice(at)) ?? []
      if (whole === '') throw refuse('a quote that is not closed')
      value += unescaped(inner)
      at += whole.length
    } else if (isVariable(text, at)) expand()
    else if (/[|&<>()]/.test(character)) throw refuse(`a "${character}" that only a shell can run`)
    else {
      value += character
      at++
    }
  }
  return { value, length: at, variables }
}

function isVariable(text: string, at: number): boolean {
  return text[at] === '$' && /[A-Za-z_{(]/.test(text[at + 1] ?? '')
}

type Variable = {
  readonly length: number
  readonly name: string
  readonly fallback: string | undefined
  /** The fallback is also for an empty value: `:-` and not `-`. */
  readonly evenEmpty: boolean
}

function variableAt(text: string, refuse: WordReader['refuse']): Variable {
  const [whole, bare, braced, sign, fallback] =
    /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?-)((?:"[^"]*"|'[^']*'|[^}"'])*))?\})/.exec(text) ?? []
  const name = bare ?? braced
  if (whole === undefined || name === undefined)
    throw refuse('a `$(…)` or another thing that only a shell can run')
  if (fallback !== undefined && /[$`]/.test(fallback))
    throw refuse('a default that only a shell can work out')
  return {
    length: whole.length,
    name,
    fallback: fallback?.replace(/^(["'])([\s\S]*)\1$/, '$2'),
    evenEmpty: sign === ':-',
  }
}

// https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html
function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([0-7]{1,3})|(.))/g,
    (whole, byte?: string, point?: string, octal?: string, letter?: string) => {
      const code = byte ?? point
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
      if (letter === undefined) return whole
      return Object.hasOwn(letters, letter) ? (letters[letter] ?? whole) : whole
    },
  )
}

const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
}

/** The commands of a line: cut at `;`, without comments, neither within quotes. */
export function splitCommands(line: string, refuse: WordReader['refuse']): readonly string[] {
  const commands: string[] = []
  let current = ''
  let quote = ''
  for (let index = 0; index < line.length; index++) {
    const character = line[index] ?? ''
    if (quote === '' && character === '#' && /^$|\s$/.test(current)) break
    if (quote === '' && character === ';') {
      commands.push(current)
      current = ''
      continue
    }
    if (character === '\\' && quote !== "'") {
      current += character + (line[++index] ?? '')
      continue
    }
    if (quote === '' && (character === "'" || character === '"'))
      quote = character === "'" && current.endsWith('$') ? escapable : character
    else if (character === (quote === escapable ? "'" : quote)) quote = ''
    current += character
  }
  if (quote !== '') throw refuse('a quote that is not closed')
  commands.push(current)
  return commands.map((command) => command.trim()).filter((command) => command !== '')
}

// The quote of $'…', in which a backslash hides the one that ends it.
const escapable = "$'"
