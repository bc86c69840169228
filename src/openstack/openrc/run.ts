import type { Command, CommandNode, CompoundList, For, If, Redirection, Statement } from 'unbash'
import { builtins } from './builtins.ts'
import { testExpression } from './condition.ts'
import { listedNames } from './listing.ts'
import type { Shell } from './shell.ts'
import type { Placed } from './variables.ts'
import { expandFields, expandIgnored, expandValue } from './words.ts'

/** How a command ended; undefined where that depends on more than the file. */
export type Status = number | undefined

/** Runs commands one after the other. Throws OPENRC_INVALID for what only a shell can do. */
export function runList({ commands }: Pick<CompoundList, 'commands'>, shell: Shell): Status {
  let status: Status = 0
  for (const { command } of commands) {
    status = runNode(command, shell)
    if (shell.isOver) break
  }
  return status
}

function runNode(node: Statement['command'], shell: Shell): Status {
  switch (node.type) {
    case 'AndOr': {
      const { commands, operators } = node
      const last = commands.length - 1
      let status: Status
      for (const [index, command] of commands.entries()) {
        const operator = operators[index - 1]
        if (operator !== undefined && (operator === '&&') !== (decided(status, node, shell) === 0)) continue
        status = index < last ? asCondition(shell, () => runNode(command, shell)) : runNode(command, shell)
        if (shell.isOver) break
      }
      return status
    }
    case 'Pipeline': {
      const [only, second] = node.commands
      if (only === undefined || second !== undefined || node.prefixes.some(({ type }) => type === 'Time'))
        throw shell.refuse(node, 'a pipe')
      const status = asCondition(shell, () => decided(runNode(only, shell), node, shell))
      return (status === 0) === (node.prefixes.length % 2 === 0) ? 0 : 1
    }
    default:
      return runCommand(node, shell)
  }
}

function asCondition<T>(shell: Shell, run: () => T): T {
  shell.conditions++
  const result = run()
  shell.conditions--
  return result
}

function decided(status: Status, at: Placed, shell: Shell): number {
  if (status === undefined) throw shell.refuse(at, 'a condition on more than variables')
  return status
}

function runCommand(node: CommandNode, shell: Shell): Status {
  switch (node.type) {
    case 'Command':
      return checked(runSimple(node, shell), node, shell)
    case 'TestCommand':
      return checked(testExpression(node.expression, shell) ? 0 : 1, node, shell)
    case 'Redirected':
      checkRedirections(node.redirects, shell)
      return runCommand(node.command, shell)
    case 'BraceGroup':
      return runList(node.body, shell)
    case 'If':
      return runIf(node, shell)
    case 'For':
      return runFor(node, shell)
    case 'Function':
      // A function that nobody calls changes nothing.
      if (!builtins.has(node.name.text)) return 0
  }
  throw shell.refuse({ pos: node.pos, end: node.pos + 1 }, compounds[node.type] ?? 'a command')
}

const compounds: Readonly<Partial<Record<CommandNode['type'], string>>> = {
  While: 'a loop that only a shell can run',
  ArithmeticFor: 'a loop that only a shell can run',
  ArithmeticCommand: 'a calculation',
  Case: 'a `case`',
  Select: 'a menu',
  Subshell: 'a shell within the shell',
  Coproc: 'a command in the background',
  Function: 'a function with the name of a command',
}

function checked(status: Status, at: Placed, shell: Shell): Status {
  if (shell.options.errexit && shell.conditions === 0 && status !== 0)
    throw shell.refuse(at, 'a command that may fail, under `set -e`')
  return status
}

function runIf(node: If, shell: Shell): Status {
  for (const { clause, then } of [node, ...node.elif]) {
    const status = asCondition(shell, () => runList(clause, shell))
    if (shell.isOver) return status
    if (decided(status, clause, shell) === 0) return runList(then, shell)
  }
  return node.else === undefined ? 0 : runList(node.else, shell)
}

function runFor(node: For, shell: Shell): Status {
  const { name, wordlist, body } = node
  if (wordlist === undefined) throw shell.refuse(node, 'a loop that only a shell can run')
  const [list, second] = wordlist
  const listed = list !== undefined && second === undefined ? listedNames(list, shell) : undefined
  const [only, other] = body.commands
  const isUnset = only?.command.type === 'Command' && only.command.name?.text === 'unset'
  // In which order the names come does not matter to one who takes them away.
  if (listed !== undefined && (!isUnset || other !== undefined || /^(?:OS_|.*_proxy$)/i.test(name.text)))
    throw shell.refuse(node, 'a loop that only a shell can run')
  const words = listed ?? wordlist.flatMap((word) => expandFields(word, shell))
  let status: Status = 0
  for (const word of words) {
    shell.turn(node)
    shell.assign(name.text, word, name)
    status = runList(body, shell)
    if (shell.isOver) break
  }
  const variable = shell.variables.get(name.text)
  if (listed === undefined || variable?.value === undefined) return status
  // The name that a shell would have had last is not known.
  if (variable.isExported) throw shell.refuse(name, 'a loop that only a shell can run')
  variable.value = { text: '', asked: true }
  return status
}

function runSimple(command: Command, shell: Shell): Status {
  const { name, prefix, redirects } = command
  const assignments = prefix.filter((one) => one.type === 'Assignment')
  checkRedirections(redirects, shell, name?.text)
  if (name !== undefined) {
    const run = name.parts === undefined ? builtins.get(name.text) : undefined
    if (run === undefined) throw shell.refuse(name, unknown(name.text))
    // `IFS= read …` and its likes: what is asked for is not split here.
    if (assignments.length > 0 && name.text !== 'read')
      throw shell.refuse(command, 'an assignment for one command alone')
    return run(command, shell)
  }
  for (const one of assignments) {
    if (one.value.type !== 'Word' || one.index !== undefined) throw shell.refuse(one, 'an array')
    const value = expandValue(one.value, shell)
    const before = one.append === true ? shell.read(one.name, one) : undefined
    const text = (before?.text ?? '') + value.text
    shell.assign(one.name, { text, asked: value.asked || before?.asked === true }, one)
  }
  return 0
}

// No other name is said: where a line is broken, it may be half of a password.
function unknown(name: string): string {
  if (/^(?:source|\.|eval|exec|exit|alias|shopt|trap|command|builtin|local|let|cd|openstack)$/.test(name))
    return `the command \`${name}\``
  return 'a command'
}

// What goes to the terminal or to nowhere changes no variable.
function checkRedirections(redirects: readonly Redirection[], shell: Shell, command?: string): void {
  for (const one of redirects) {
    if (one.type !== 'Redirect') throw shell.refuse(one, 'a here-document')
    const target = one.target?.parts === undefined ? one.target?.value : undefined
    const isOutput = /^&?>[>|]?$/.test(one.operator) && target === '/dev/null'
    const isCopy = one.operator === '>&' && /^[12]$/.test(target ?? '')
    const isTerminal = (command === 'read' || command === 'stty') && target === '/dev/tty'
    if (!isOutput && !isCopy && !isTerminal) throw shell.refuse(one, 'a redirection to a file')
  }
  for (const one of redirects) if (one.type === 'Redirect' && one.target) expandIgnored(one.target, shell)
}
