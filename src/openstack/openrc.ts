import type { Position } from '../model/problem.ts'
import { OsrunError } from '../model/problem.ts'

/** What an openrc file sets. */
export type Openrc = {
  /** Values with the line that set them. */
  readonly values: ReadonlyMap<string, { readonly value: string; readonly line: number }>
  /** Variables that the file takes away from the environment. */
  readonly unset: ReadonlySet<string>
  /** The file takes all OS_* away first, as kolla's do. */
  readonly unsetAll: boolean
  /** Variables that the file would ask the user for. */
  readonly asked: ReadonlySet<string>
}

type State = {
  values: Map<string, { value: string; line: number }>
  unset: Set<string>
  asked: Set<string>
  unsetAll: boolean
}

/**
 * Reads an openrc file without a shell: assignments, `unset`, `if [ -z … ]`, prompts by `read`, and the loop
 * that unsets everything; the dialects of Horizon, kolla and OVHcloud. Nothing is executed.
 *
 * @throws OsrunError OPENRC_INVALID, with its line, for anything that only a shell could run
 */
export function parseOpenrc(
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Openrc {
  const state: State = { values: new Map(), unset: new Set(), asked: new Set(), unsetAll: false }
  const skipping: boolean[] = []
  let loop: { readonly at: Position; unsets: boolean } | undefined
  for (const [index, source] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const at: Position = {
      file,
      line: index + 1,
      column: Math.max(1, source.search(/\S/) + 1),
      length: Math.max(1, source.trim().length),
      source,
    }
    if (loop === undefined && /^\s*for\s/.test(source)) loop = { at, unsets: false }
    if (loop === undefined) {
      for (const command of commandsOf(source, at)) runCommand(command, { state, environment, at, skipping })
      continue
    }
    // The one loop that an openrc file has takes away every OS_* variable.
    loop.unsets ||= /\bunset\b/.test(source)
    if (!/(^|[\s;])done\s*(#.*)?$/.test(source)) continue
    if (!loop.unsets) throw invalid(loop.at, 'a loop that only a shell can run')
    if (!skipping.includes(true)) unsetAll(state)
    loop = undefined
  }
  if (loop !== undefined) throw invalid(loop.at, 'a loop without its end')
  return state
}

function unsetAll(state: State): void {
  state.unsetAll = true
  for (const name of [...state.values.keys()]) if (name.startsWith('OS_')) state.values.delete(name)
}

type Surroundings = {
  readonly state: State
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly at: Position
  readonly skipping: boolean[]
}

function runCommand(command: string, around: Surroundings): void {
  const { state, skipping } = around
  const [word = ''] = /^\S+/.exec(command) ?? []
  if (word === 'if') {
    skipping.push(skipping.includes(true) || !condition(command, around))
    return
  }
  if (word === 'fi') {
    skipping.pop()
    return
  }
  if (/^(elif|while|until|case|select|function)$/.test(word))
    throw invalid(around.at, `a "${word}" that only a shell can run`)
  if (word === 'then') {
    runRest(command, around)
    return
  }
  if (word === 'else') {
    const skipped = skipping.pop() === true
    skipping.push(!skipped)
    runRest(command, around)
    return
  }
  if (skipping.includes(true) || /^(echo|printf|true|:|set|umask|stty)$/.test(word)) return
  if (word === 'read') {
    for (const name of command.split(/\s+/).slice(1)) {
      if (!/^[A-Za-z_]\w*$/.test(name)) continue
      state.asked.add(name)
      state.values.delete(name)
    }
    return
  }
  if (word === 'unset') {
    for (const name of command.split(/\s+/).slice(1)) {
      state.values.delete(name)
      state.unset.add(name)
    }
    return
  }
  const assignments =
    word === 'export' || word === 'declare' ? command.replace(/^\S+\s*(-x\s+)?/, '') : command
  assign(assignments, around)
}

function runRest(command: string, around: Surroundings): void {
  const rest = command.replace(/^\S+\s*/, '')
  if (rest !== '') runCommand(rest, around)
}

function condition(command: string, around: Surroundings): boolean {
  const [, negated, flag, name] =
    /^if\s+(!\s+)?\[\[?\s+-([zn])\s+"?\$\{?(\w+)\}?"?\s+\]\]?$/.exec(command) ?? []
  if (flag === undefined || name === undefined)
    throw invalid(around.at, 'a condition that only a shell can decide')
  const isEmpty = (lookup(name, around) ?? '') === ''
  return (flag === 'z') === isEmpty ? negated === undefined : negated !== undefined
}

function assign(text: string, around: Surroundings): void {
  const { state, at } = around
  let rest = text
  while (rest.trim() !== '') {
    const [head = '', name] = /^\s*([A-Za-z_]\w*)(?==)/.exec(rest) ?? []
    if (name === undefined) {
      // `export NAME` alone changes nothing.
      if (/^\s*[A-Za-z_]\w*\s*$/.test(rest)) return
      throw invalid(at, 'a line that is no assignment')
    }
    const { value, length, asks } = readWord(rest.slice(head.length + 1), around)
    rest = rest.slice(head.length + 1 + length)
    if (asks && value === '') state.asked.add(name)
    else {
      state.values.set(name, { value, line: at.line })
      state.unset.delete(name)
    }
  }
}

// One word of a shell: bare, 'single' and "double" parts, with variables.
function readWord(
  text: string,
  around: Surroundings,
): { readonly value: string; readonly length: number; readonly asks: boolean } {
  let value = ''
  let at = 0
  let asks = false
  const expand = (): void => {
    const { length, name, fallback } = variableAt(text.slice(at), around)
    if (around.state.asked.has(name)) asks = true
    const found = lookup(name, around)
    value += found === undefined || found === '' ? (fallback ?? found ?? '') : found
    at += length
  }
  while (at < text.length && !/\s/.test(text[at] ?? '')) {
    const character = text[at] ?? ''
    if (character === "'") {
      const end = text.indexOf("'", at + 1)
      if (end < 0) throw invalid(around.at, 'a quote that is not closed')
      value += text.slice(at + 1, end)
      at = end + 1
    } else if (character === '"') {
      at++
      while (text[at] !== '"') {
        if (at >= text.length) throw invalid(around.at, 'a quote that is not closed')
        if (text[at] === '\\' && /[\\"$`]/.test(text[at + 1] ?? '')) {
          value += text[at + 1]
          at += 2
        } else if (text[at] === '`') throw invalid(around.at, 'a command between backquotes')
        else if (text[at] === '$' && /[A-Za-z_{(]/.test(text[at + 1] ?? '')) expand()
        else value += text[at++]
      }
      at++
    } else if (character === '\\') {
      value += text[at + 1] ?? ''
      at += 2
    } else if (character === '`') throw invalid(around.at, 'a command between backquotes')
    else if (character === '$' && text[at + 1] === "'") throw invalid(around.at, "a $'…' of bash")
    else if (character === '$' && /[A-Za-z_{(]/.test(text[at + 1] ?? '')) expand()
    else if (/[|&<>()]/.test(character))
      throw invalid(around.at, `a "${character}" that only a shell can run`)
    else {
      value += character
      at++
    }
  }
  return { value, length: at, asks }
}

function variableAt(
  text: string,
  around: Surroundings,
): { readonly length: number; readonly name: string; readonly fallback: string | undefined } {
  const [whole, bare, braced, , fallback] =
    /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:?-((?:"[^"]*"|'[^']*'|[^}"'])*))?\})/.exec(text) ?? []
  const name = bare ?? braced
  if (whole === undefined || name === undefined)
    throw invalid(around.at, 'a `$(…)` or another thing that only a shell can run')
  if (fallback !== undefined && /[$`]/.test(fallback))
    throw invalid(around.at, 'a default that only a shell can work out')
  return { length: whole.length, name, fallback: fallback?.replace(/^(["'])([\s\S]*)\1$/, '$2') }
}

function lookup(name: string, { state, environment }: Surroundings): string | undefined {
  const own = state.values.get(name)
  if (own) return own.value
  return state.unset.has(name) || (state.unsetAll && name.startsWith('OS_')) ? undefined : environment[name]
}

// Commands of a line, cut at `;` and comments outside of quotes.
function commandsOf(line: string, at: Position): readonly string[] {
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
    if (quote === '' && (character === "'" || character === '"')) quote = character
    else if (character === quote) quote = ''
    current += character
  }
  if (quote !== '') throw invalid(at, 'a quote that is not closed')
  commands.push(current)
  return commands.map((command) => command.trim()).filter((command) => command !== '')
}

function invalid(at: Position, what: string): OsrunError {
  // The line may hold a password, so it is not shown.
  const { source, ...place } = at
  void source
  return new OsrunError('OPENRC_INVALID', `The openrc file has ${what}.`, {
    at: place,
    hint: 'The file is read and never executed. Source it in your shell and run osrun without --openrc.',
  })
}
