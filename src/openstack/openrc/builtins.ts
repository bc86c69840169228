import type { Command, CommandArgument } from 'unbash'
import { testWords } from './condition.ts'
import { listedNames } from './listing.ts'
import type { Shell } from './shell.ts'
import type { Placed } from './variables.ts'
import { isName, type Text, type Variable } from './variables.ts'
import { expandFields, expandIgnored, expandValue } from './words.ts'

type Builtin = (command: Command, shell: Shell) => number | undefined

/** The commands that an openrc file may have. Each says how it ends; undefined where only a shell knows. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['export', declare(/^-n+$/, 'export')],
  ['declare', declare(/^(?:-[gxr]+|\+[gx]+)$/, '')],
  ['typeset', declare(/^(?:-[gxr]+|\+[gx]+)$/, '')],
  ['readonly', declare(/^--$/, 'readonly')],
  ['unset', unset],
  ['set', set],
  ['read', read],
  ['return', leave],
  ['[', (command, shell) => test(command, shell, true)],
  ['test', (command, shell) => test(command, shell, false)],
  [':', ignore(0)],
  ['true', ignore(0)],
  ['echo', ignore(0)],
  ['false', ignore(1)],
  ['umask', ignore(0)],
  ['printf', print],
  ['stty', ignore(undefined)],
])

function ignore(status: number | undefined): Builtin {
  return ({ args }, shell) => {
    for (const word of args) expandIgnored(asWord(word, shell), shell)
    return status
  }
}

// An assignment that is an argument of any other command is a word like others, but nobody writes one.
function asWord(word: CommandArgument, shell: Shell): Extract<CommandArgument, { readonly type: 'Word' }> {
  if (word.type === 'Word') return word
  throw shell.refuse(word, 'an assignment in the place of a word')
}

function fieldsOf(words: readonly CommandArgument[], shell: Shell): readonly Text[] {
  return words.flatMap((word) => expandFields(asWord(word, shell), shell))
}

function print(command: Command, shell: Shell): number | undefined {
  const [format] = command.args
  if (format?.type === 'Word' && /^-/.test(format.value)) throw shell.refuse(format, 'a `printf` with flags')
  if (format?.type === 'Word' && /^["']*\$/.test(format.text))
    throw shell.refuse(format, 'a `printf` of a variable')
  // A `%d` may complain of what it is given.
  return ignore(/%[^s%]/.test(format?.text ?? '') ? undefined : 0)(command, shell)
}

function test({ args, ...at }: Command, shell: Shell, isBracket: boolean): number {
  const words = fieldsOf(args, shell)
  if (!isBracket) return testWords(words, at, shell)
  const last = words.at(-1)
  if (last === undefined || last.text !== ']' || last.asked) throw shell.refuse(at, 'a `[` without its `]`')
  return testWords(words.slice(0, -1), at, shell)
}

type Declared = {
  readonly name: string
  readonly value: Text | undefined
  readonly append: boolean
  readonly at: Placed
}

// All words are expanded before the first one is assigned.
function declare(allowed: RegExp, sets: 'export' | 'readonly' | ''): Builtin {
  return ({ args }, shell) => {
    const flags: string[] = []
    const declared: Declared[] = []
    let isOption = true
    for (const word of args) {
      if (word.type === 'Assignment') {
        if (word.value.type !== 'Word' || word.index !== undefined) throw shell.refuse(word, 'an array')
        const value = expandValue(word.value, shell)
        declared.push({ name: word.name, value, append: word.append === true, at: word })
        isOption = false
        continue
      }
      for (const field of expandFields(word, shell)) {
        isOption &&= /^[-+]./.test(field.text)
        if (isOption && field.text === '--') isOption = false
        else if (isOption && allowed.test(field.text)) flags.push(field.text)
        else if (isOption) throw shell.refuse(word, 'a flag of a declaration that only a shell knows')
        else declared.push(declaredBy(field, word, shell))
      }
    }
    for (const one of declared) {
      const variable = settled(one, shell)
      if (flags.some((flag) => (sets === 'export' ? flag.includes('n') : /^\+.*x/.test(flag))))
        variable.isExported = false
      else if (sets === 'export' || flags.some((flag) => /^-.*x/.test(flag))) variable.isExported = true
      variable.isReadonly ||= sets === 'readonly' || flags.some((flag) => flag.includes('r'))
    }
    return 0
  }
}

function declaredBy({ text, asked }: Text, at: Placed, shell: Shell): Declared {
  const [, name = '', sign, value = ''] = /^([^=+]*)(?:(\+?=)([\s\S]*))?$/.exec(text) ?? []
  if (!isName(name) || (asked && sign === undefined))
    throw shell.refuse(at, 'a name that is not that of a variable')
  return { name, value: sign === undefined ? undefined : { text: value, asked }, append: sign === '+=', at }
}

function settled({ name, value, append, at }: Declared, shell: Shell): Variable {
  if (value === undefined) return shell.variables.make(name)
  const before = append ? shell.read(name, at) : undefined
  const text = (before?.text ?? '') + value.text
  return shell.assign(name, { text, asked: value.asked || before?.asked === true }, at)
}

function unset({ args }: Command, shell: Shell): number {
  for (const word of args) {
    const listed = word.type === 'Word' ? listedNames(word, shell) : undefined
    const names = listed ?? fieldsOf([word], shell)
    for (const { text, asked } of names) {
      if (text === '-v') continue
      if (!isName(text) || asked) throw shell.refuse(word, 'a name that is not that of a variable')
      if (shell.variables.get(text)?.isReadonly === true)
        throw shell.refuse(word, 'an `unset` of a variable that is read-only')
      shell.variables.remove(text)
    }
  }
  return 0
}

const optionNames = new Map<string, keyof Shell['options']>([
  ['a', 'allexport'],
  ['e', 'errexit'],
  ['u', 'nounset'],
])
const harmless = /^(?:[xvfhmbBCHET]|pipefail|xtrace|verbose|errtrace|functrace|noclobber|vi|emacs|hist\w+)$/

function set({ args, ...at }: Command, shell: Shell): number {
  const words = fieldsOf(args, shell).map(({ text }) => text)
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    const isOn = word.startsWith('-')
    if (!/^[-+][a-zA-Z]+$/.test(word)) throw shell.refuse(at, 'a `set` of arguments')
    for (const letter of word.slice(1)) {
      const name = letter === 'o' ? (words[++index] ?? '') : letter
      const option = [...optionNames].find((one) => one.includes(name))?.[1]
      if (option !== undefined) shell.options[option] = isOn
      else if (!harmless.test(name)) throw shell.refuse(at, 'a `set` that only a shell knows')
    }
  }
  return 0
}

// Flags of `read`; of those that take a word, as a prompt, only the last may be one.
const readFlags = /^-(?=.)[rse]*([ptnNdui]?)$/

function read({ args, prefix, ...at }: Command, shell: Shell): undefined {
  for (const one of prefix)
    if (one.type === 'Assignment' && (one.value.type !== 'Word' || one.value.parts !== undefined))
      throw shell.refuse(one, 'an assignment for one command alone')
  let isOption = true
  for (let index = 0; index < args.length; index++) {
    const word = args[index]
    if (word === undefined) break
    const flag = word.text
    isOption &&= flag.startsWith('-')
    if (isOption) {
      const [, letter] = readFlags.exec(flag) ?? []
      if (letter === undefined) throw shell.refuse(word, 'a `read` that only a shell knows')
      if (letter === '') continue
      const given = args[++index]
      if (given !== undefined) expandIgnored(asWord(given, shell), shell)
      continue
    }
    for (const { text, asked } of fieldsOf([word], shell)) {
      if (!isName(text) || asked) throw shell.refuse(word, 'a name that is not that of a variable')
      shell.assign(text, { text: '', asked: true }, at)
    }
  }
  return undefined
}

function leave({ args, ...at }: Command, shell: Shell): number {
  const [status = '0', ...more] = fieldsOf(args, shell).map(({ text }) => text)
  // Without a number it would be that of the command before.
  if (args.length === 0 || status !== '0' || more.length > 0)
    throw shell.refuse(at, 'a `return` that gives up')
  shell.isOver = true
  return 0
}
