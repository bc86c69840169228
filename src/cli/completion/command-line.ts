import type { Command, Option } from 'commander'
import { visibleCommands } from '../visible-commands.ts'

/** A command line as far as it has been written. */
export type CommandLine = {
  /** The command it is of; `run` where none is named. Undefined while the command itself is being written. */
  readonly command: Command | undefined
  /** Arguments before the word being written, without the command's name. */
  readonly operands: readonly string[]
  /** The flags that stand before, as they are written. */
  readonly flags: readonly string[]
  /** The flag whose value is being written. */
  readonly option: Option | undefined
  /** What is to be completed: the word, or the value after `--flag=`. */
  readonly word: string
  /** What stands before it in the same word: `--flag=`. */
  readonly before: string
  /** Nothing after `--` is a flag. */
  readonly flagsOver: boolean
}

/** Reads the words after `osrun`; the last one is being written. */
export function readCommandLine(program: Command, words: readonly string[]): CommandLine {
  const word = words.at(-1) ?? ''
  const done = words.slice(0, -1)
  const named = visibleCommands(program).find((command) => command.name() === done[0])
  const byDefault = program.commands.find((command) => command.name() === 'run')
  const command = named ?? byDefault
  const operands: string[] = []
  const flags: string[] = []
  let waiting: Option | undefined
  let flagsOver = false
  for (const one of named === undefined ? done : done.slice(1)) {
    if (waiting !== undefined) waiting = undefined
    else if (!flagsOver && one === '--') flagsOver = true
    else if (!flagsOver && one.startsWith('-') && one !== '-') {
      flags.push(one)
      waiting = takesNext(command, one)
    } else operands.push(one)
  }
  const isFirst = done.length === 0
  const common = { command: isFirst ? undefined : command, operands, flags, flagsOver }
  if (waiting !== undefined) return { ...common, option: waiting, word, before: '' }
  const [, before, value] = /^(--[^=]+=)(.*)$/s.exec(word) ?? []
  const option = before === undefined || flagsOver ? undefined : optionOf(command, before.slice(0, -1))
  if (before === undefined || option === undefined) return { ...common, option: undefined, word, before: '' }
  return { ...common, option, word: value ?? '', before }
}

// `-i` and `-qi` wait for a value; `-iname=a` and `--input=name=a` have theirs.
function takesNext(command: Command | undefined, word: string): Option | undefined {
  if (word.startsWith('--')) return withValue(optionOf(command, word))
  for (let at = 1; at < word.length; at++) {
    const option = withValue(optionOf(command, `-${word[at]}`))
    if (option !== undefined) return at === word.length - 1 ? option : undefined
  }
  return undefined
}

function optionOf(command: Command | undefined, flag: string): Option | undefined {
  return command?.options.find(({ short, long }) => short === flag || long === flag)
}

function withValue(option: Option | undefined): Option | undefined {
  return option?.required === true ? option : undefined
}

/** One word that would fit, and what it means. */
export type Candidate = { readonly word: string; readonly meaning: string }
