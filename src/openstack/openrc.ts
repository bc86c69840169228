import type { Position } from '../model/problem.ts'
import { OsrunError } from '../model/problem.ts'
import { readWord, splitCommands } from './openrc-word.ts'

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
  let loop: { readonly at: Position; readonly head: string; unsets: boolean } | undefined
  let opened: Position | undefined
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
    if (loop === undefined && /^\s*for\s/.test(source)) loop = { at, head: source, unsets: false }
    if (loop === undefined) {
      const commands = splitCommands(source, (what) => invalid(at, what))
      for (const command of commands) runCommand(command, { state, environment, at, skipping })
      if (skipping.length > 0) opened ??= at
      else opened = undefined
      continue
    }
    // The one loop that an openrc file has takes away every OS_* variable.
    loop.unsets ||= /\bunset\b/.test(source)
    if (!/(^|[\s;])done\s*(#.*)?$/.test(source)) continue
    if (!loop.unsets) throw invalid(loop.at, 'a loop that only a shell can run')
    if (!skipping.includes(true)) unsetLoop(state, loop.head)
    loop = undefined
  }
  if (loop !== undefined) throw invalid(loop.at, 'a loop without its end')
  if (opened !== undefined) throw invalid(opened, 'a condition without its end')
  return state
}

// Over names as they stand, or over whatever a command lists, which is every OS_* variable.
function unsetLoop(state: State, head: string): void {
  const listed = /^\s*for\s+\w+\s+in\s+((?:\w+\s*)+)(?:;|$)/.exec(head)?.[1]
  if (listed !== undefined) {
    unset(state, listed.trim().split(/\s+/))
    return
  }
  state.unsetAll = true
  for (const name of [...state.values.keys()]) if (name.startsWith('OS_')) state.values.delete(name)
}

function unset(state: State, names: readonly string[]): void {
  for (const name of names) {
    state.values.delete(name)
    state.unset.add(name)
  }
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
  if (word === 'set' && !/^set(\s+[-+][a-z]+)*(\s+[-+]o\s+\w+)?$/.test(command))
    throw invalid(around.at, 'a `set` that only a shell can run')
  if (skipping.includes(true) || /^(echo|printf|true|:|set|umask|stty)$/.test(word)) return
  if (word === 'read') {
    // The prompt of -p is no name.
    const words = command.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, ' ').split(/\s+/)
    for (const name of words.slice(1)) {
      if (!/^[A-Za-z_]\w*$/.test(name)) continue
      state.asked.add(name)
      state.values.delete(name)
    }
    return
  }
  if (word === 'unset') {
    unset(state, command.split(/\s+/).slice(1))
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
    /^if\s+(?:\[\[?\s+)?(!\s+)?(?:\[\[?\s+)?-([zn])\s+"?\$\{?(\w+)\}?"?\s+\]\]?$/.exec(command) ?? []
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
    const { value, length, variables } = readWord(rest.slice(head.length + 1), {
      lookup: (other) => lookup(other, around),
      refuse: (what) => invalid(at, what),
    })
    rest = rest.slice(head.length + 1 + length)
    if (value === '' && variables.some((other) => state.asked.has(other))) state.asked.add(name)
    else {
      state.values.set(name, { value, line: at.line })
      state.unset.delete(name)
    }
  }
}

function lookup(name: string, { state, environment }: Surroundings): string | undefined {
  const own = state.values.get(name)
  if (own) return own.value
  return state.unset.has(name) || (state.unsetAll && name.startsWith('OS_')) ? undefined : environment[name]
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
