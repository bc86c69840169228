import type { Assignment, Command, CommandArgument, ParsedScript, Redirection, Statement } from 'unbash'
import { parse } from 'unbash'
import { withoutEnd } from '../../util/text/text-end.ts'
import type { Note, RecordedRequest, ShellWord, Source, SourceText } from '../conversation.ts'
import { importError, placeIn } from '../place.ts'
import { reference } from '../reference.ts'
import { refuseForeign } from '../shell/foreign-shell.ts'
import { commentAbove } from '../shell/shell-comment.ts'
import { type Expansion, expandArgument, expandWord, hereText } from '../shell/shell-expand.ts'
import { printedBy } from '../shell/shell-output.ts'
import { readCurl } from './curl-command.ts'

/** Command lines of curl, or a shell file that holds them. It is parsed, and nothing in it is executed. */
export const curlSource: Source = {
  name: 'curl',
  summary: 'curl command lines',
  recognises: (text) =>
    /(^|[\s;&|(])curl\s/m.test(text) || /\bInvoke-(WebRequest|RestMethod)\b|\bcurl\.exe\s/i.test(text),
  read(given) {
    refuseForeign(given)
    const source = { ...given, text: withoutPrompts(given.text) }
    const shell = openShell(source)
    shell.run(parse(source.text))
    const { recorded, notes } = shell
    return { recorded, notes }
  },
}

// What is copied out of documents has the prompt of a shell before it; blanks keep every place where it was.
function withoutPrompts(text: string): string {
  return text.replace(
    /^(?:[\w.-]+@[\w.:~/-]+)?[$%] (?=\S)(?:.*\\\r?\n(?:> .*\\\r?\n)*(?:> )?)?/gm,
    (prompted) => prompted.replace(/^(?:\S*[$%]|>) /gm, (prompt) => ' '.repeat(prompt.length)),
  )
}

type Shell = Expansion & {
  readonly recorded: RecordedRequest[]
  readonly notes: Note[]
  /** The comment that waits for its curl. */
  comment: string | undefined
  /** The variable that a `$(…)` is being put into. */
  target: string | undefined
  run(script: ParsedScript): void
}

function openShell(source: SourceText): Shell {
  const shell: Shell = {
    source,
    variables: new Map(),
    recorded: [],
    notes: [],
    comment: undefined,
    target: undefined,
    run(script) {
      const [error] = script.errors ?? []
      if (error !== undefined)
        throw importError(
          placeIn(source, error.pos),
          `The shell would not take this: ${error.message.replace(/'[^']{9,}'/g, 'this')}.`,
          // What curl -v prints has such lines, and a shell takes their first sign for a redirection.
          /^[<>] /m.test(source.text)
            ? 'Lines that start with > and < are no commands: leave them out.'
            : undefined,
        )
      for (const statement of script.commands) runStatement(statement, shell)
    },
    substitute(script, offset) {
      const before = shell.recorded.length
      const printed = runSubstitution(script, shell)
      const last = shell.recorded.at(-1)
      if (last === undefined || shell.recorded.length === before) return printed
      const name = `${shell.target ?? 'answer'}@${shell.recorded.length - 1}`
      const [, filters = ''] = /^[^|]*\|?([\s\S]*)$/.exec(source.text.slice(offset, scriptEnd(script))) ?? []
      shell.recorded[shell.recorded.length - 1] = { ...last, result: { reference: name, filters } }
      return reference(name)
    },
  }
  return shell
}

function scriptEnd(script: ParsedScript): number {
  return script.source === undefined ? script.end : script.pos + script.source.length
}

function runSubstitution(script: ParsedScript, shell: Shell): string | undefined {
  const [only, second] = script.commands
  if (only?.command.type === 'Command' && second === undefined) {
    const printed = printedBy(only.command, shell)
    if (printed !== undefined) return printed
  }
  const { comment } = shell
  shell.run(script)
  shell.comment ??= comment
  return undefined
}

function runStatement(statement: Statement, shell: Shell): void {
  shell.comment = commentAbove(shell.source.text, statement.pos) ?? shell.comment
  runNode(statement.command, shell)
}

function runNode(node: Statement['command'], shell: Shell): void {
  switch (node.type) {
    case 'AndOr':
      for (const command of node.commands) runNode(command, shell)
      return
    case 'Pipeline':
      runPipeline(node.commands, shell, node)
      return
    case 'Command':
      runPipeline([node], shell, node)
      return
    case 'BraceGroup':
    case 'Subshell':
      for (const statement of node.body.commands) runStatement(statement, shell)
      return
    default: {
      const { text } = shell.source
      const what = /^\w+/.exec(text.slice(node.pos))?.[0] ?? 'command'
      if (/\bcurl\b/.test(text.slice(node.pos, node.end)))
        note(shell, node, `A "${what}" is left out, with the curl in it: only a shell can decide it.`)
    }
  }
}

type Placed = { readonly pos: number; readonly end: number }

function note(shell: Shell, { pos, end }: Placed, message: string): void {
  shell.notes.push({ message, at: placeIn(shell.source, pos, end - pos) })
}

function runPipeline(commands: readonly Placed[], shell: Shell, whole: Placed): void {
  const at = commands.findIndex((one) => isCommand(one) && nameOf(one) === 'curl')
  if (at < 0) {
    for (const command of commands) if (isCommand(command)) runOther(command, shell)
    return
  }
  const curl = commands[at] as Command
  const before = commands[at - 1]
  const stdin =
    before !== undefined && isCommand(before) ? printedBy(before, shell) : stdinOf(curl.redirects, shell)
  const filters = commands.slice(at + 1)
  const [first] = filters
  if (first !== undefined && shell.target === undefined)
    note(
      shell,
      { pos: first.pos, end: whole.end },
      `\`${filters.map((filter) => `| ${shown(filter)}`).join(' ')}\` is left out.`,
    )
  runCurl(curl, stdin, shell)
}

function isCommand(node: Placed): node is Command {
  return 'type' in node && node.type === 'Command'
}

function nameOf({ name }: Command): string {
  return name?.value.replace(/^.*\//, '') ?? ''
}

// A command may hold a secret anywhere, so only its name is shown.
function shown(node: Placed): string {
  if (!isCommand(node)) return '…'
  return `${nameOf(node)}${node.suffix.length > 0 ? ' …' : ''}`
}

function runOther(command: Command, shell: Shell): void {
  const name = nameOf(command)
  const assignments = [...command.prefix, ...command.args].filter(
    (one): one is Assignment => one.type === 'Assignment',
  )
  if (name === '' || /^(export|declare|local|readonly|typeset)$/.test(name)) {
    for (const assignment of assignments) assign(assignment, shell)
    return
  }
  if (name === 'unset') for (const argument of command.args) shell.variables.delete(argument.text)
  if (name === 'source' || name === '.')
    note(shell, command, 'A file is not read: name it with --openrc if it is one of those.')
  else if (!/^(set|unset|:|true|echo|printf|exit|cd|sleep|wait)$/.test(name))
    note(shell, command, `\`${shown(command)}\` is left out.`)
}

function assign({ name, value, append }: Assignment, shell: Shell): void {
  if (value.type === 'ArrayValue') return
  shell.target = name
  try {
    const text = assignedText(name, value, shell)
    shell.variables.set(name, append === true ? (shell.variables.get(name) ?? '') + text : text)
  } finally {
    shell.target = undefined
  }
}

// A value that only a shell can work out leaves the variable open: it becomes an input where it is used.
function assignedText(name: string, value: Parameters<typeof expandWord>[0], shell: Shell): string {
  const [part, second] = value.parts ?? []
  if (part?.type !== 'CommandExpansion' || second !== undefined || part.script === undefined)
    return expandWord(value, shell)
  const printed = shell.substitute(part.script, part.pos)
  return printed === undefined ? reference(name) : withoutEnd(printed, '\n')
}

function runCurl(curl: Command, stdin: string | undefined, shell: Shell): void {
  const words = curl.args.flatMap((word) => wordsOf(word, shell))
  const name: ShellWord = { text: 'curl', at: placeIn(shell.source, curl.name?.pos ?? curl.pos, 4) }
  const { requests, notes } = readCurl(name, words, stdin)
  shell.notes.push(...notes)
  const target = savedTo(curl.redirects, shell)
  for (const request of requests) {
    const { comment } = shell
    shell.comment = undefined
    shell.recorded.push({
      ...request,
      ...(comment !== undefined && { comment }),
      ...(target !== undefined && request.method !== 'HEAD' && { saveTo: target }),
    })
  }
}

function wordsOf(word: CommandArgument, shell: Shell): readonly ShellWord[] {
  const at = placeIn(shell.source, word.pos, word.end - word.pos)
  if (word.type === 'Word') return expandArgument(word, shell).map((text) => ({ text, at }))
  const value = word.value.type === 'Word' ? expandWord(word.value, shell) : ''
  return [{ text: `${word.name}=${value}`, at }]
}

function stdinOf(redirects: readonly Redirection[], shell: Shell): string | undefined {
  const here = redirects.find((one) => one.type === 'HereDoc' || one.type === 'HereString')
  return here === undefined ? undefined : hereText(here, shell)
}

function savedTo(redirects: readonly Redirection[], shell: Shell): string | undefined {
  for (const redirect of redirects) {
    if (redirect.type !== 'Redirect' || !/^(>|>>|>\||&>)$/.test(redirect.operator)) continue
    if (redirect.descriptor?.type === 'FileDescriptor' && redirect.descriptor.value !== 1) continue
    const file = redirect.target === undefined ? '' : expandWord(redirect.target, shell)
    if (file !== '' && !file.startsWith('/dev/')) return file
  }
  return undefined
}
