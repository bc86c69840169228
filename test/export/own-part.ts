import type { Command } from 'unbash'
import { parse } from 'unbash'

/** The functions that a script has because it is one of its kind, as they stand before its steps: their names. */
export function sharedNames(script: string): readonly string[] {
  return sharedNodes(script).map(({ name }) => name)
}

/**
 * The script with each of these functions in one line, which reads and sets the same variables, and takes arguments where
 * it does. So what only a whole script shows, such as a variable that nothing sets, still shows.
 */
export function ownPart(script: string): string {
  let [own, from] = ['', 0]
  for (const { name, pos, end, body } of sharedNodes(script)) {
    const text = script.slice(pos, end)
    const line = lines.get(text) ?? `${name}() { ${summary(body)}; }`
    lines.set(text, line)
    own += script.slice(from, pos) + line
    from = end
  }
  return own + script.slice(from)
}

/** A part of a script as it is parsed. */
export type Node = { readonly type: string }
// By the texts of the functions: many scripts have the same.
const lines = new Map<string, string>()

type FunctionNode = {
  readonly name: string
  readonly pos: number
  readonly end: number
  readonly body: Node
}

function sharedNodes(script: string): readonly FunctionNode[] {
  const start = script.indexOf('# --- What every script of this kind needs ---')
  const end = script.indexOf('\n# --- ', start + 1)
  return parse(script).commands.flatMap(({ command, pos, end: to }) =>
    command.type === 'Function' && pos > start && pos < end
      ? [{ name: command.name.value, pos, end: to, body: command.body }]
      : [],
  )
}

function summary(body: Node): string {
  const reads = new Set<string>()
  const sets = new Set<string>()
  const tests = new Set<string>()
  // `name=value program` sets nothing in the shell.
  const passed = new Set<unknown>()
  let setsArguments = false
  visit(body, (node) => {
    const { name, parameter, operation, value, text } = node as Readonly<
      Record<string, { readonly value?: unknown }>
    >
    switch (node.type) {
      case 'SimpleExpansion':
        reads.add(`"${String(text)}"`)
        break
      case 'ParameterExpansion':
        reads.add(operation === undefined ? `"$${parameter}"` : `"\${${parameter}-}"`)
        break
      case 'ArithmeticWord':
        if (isName.test(String(value))) reads.add(`"$${String(value)}"`)
        break
      case 'Assignment':
        if (!passed.has(node)) sets.add(String(name))
        break
      case 'For':
        sets.add(String(name?.value))
        break
      case 'Command':
        if (name !== undefined) for (const assignment of (node as Command).prefix) passed.add(assignment)
        if (name?.value === 'set') setsArguments = true
        if (name?.value === 'read') for (const word of wordsAfter(node)) if (isName.test(word)) sets.add(word)
        // What is tested counts as set for shellcheck.
        if (name?.value === '[')
          for (const word of wordsAfter(node)) if (isRead.test(word)) tests.add(`[ ${word} ] || :`)
        break
      default:
    }
  })
  const variables = [...reads].filter((read) => isRead.test(read)).sort()
  const takes = !setsArguments && [...reads].some((read) => /^"\$\{?[\d@*#]/.test(read))
  const assignments = [...sets].map((name) => `${name}=''`).sort()
  return [
    ...(assignments.length > 0 ? [assignments.join(' ')] : []),
    ...[...tests].sort(),
    [':', ...variables, ...(takes ? ['"$@"'] : [])].join(' '),
  ].join('; ')
}

const isName = /^[A-Za-z_]\w*$/
const isRead = /^"\$(\{[A-Za-z_]\w*-?\}|[A-Za-z_]\w*)"$/

function wordsAfter(node: Node): readonly string[] {
  return (node as Command).suffix.flatMap((word) => ('text' in word ? [word.text] : []))
}

/** Shows each part of a parsed script, those within words and expansions included. */
export function visit(value: unknown, see: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see)
    return
  }
  const node = value as Node & Readonly<Record<string, unknown>>
  if (typeof node.type === 'string') see(node)
  // What is within words and expansions is parsed when it is asked for, and no property of its own.
  const lazy = Object.getOwnPropertyNames(Object.getPrototypeOf(node) ?? {}).map((key) => node[key])
  for (const child of new Set([...Object.values(node), ...lazy])) visit(child, see)
}
