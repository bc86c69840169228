import type { Command, Word } from 'unbash'
import type { Shell } from './shell.ts'
import type { Text } from './variables.ts'

/** Whether a word is a `$(…)` that lists the names of all OS_* variables, as files of kolla, TripleO and `osrun sandbox` have it. */
export function isListing(word: Word): boolean {
  const [part, second] = word.parts ?? []
  if (part?.type !== 'CommandExpansion' || second !== undefined || part.script === undefined) return false
  const [only, other] = part.script.commands
  if (only === undefined || other !== undefined || (part.script.errors?.length ?? 0) > 0) return false
  const { command } = only
  const commands = command.type === 'Pipeline' ? command.commands : [command]
  const texts = commands.map((one) => (one.type === 'Command' ? wordsOf(one) : '?'))
  return listings.test(texts.join(' | '))
}

function wordsOf({ name, prefix, suffix }: Command): string {
  if (prefix.length > 0) return '?'
  const words = [name, ...suffix].map((word) => (word?.type === 'Word' ? word : undefined))
  const isKnown = (word: Word | undefined): boolean =>
    word?.parts?.every(({ type }) => type === 'Literal' || type === 'SingleQuoted') ?? word !== undefined
  if (!words.every(isKnown)) return '?'
  return words.map((word) => word?.value.replace(/\s+/g, ' ')).join(' ')
}

// `set` lists what is not exported, too; its first line never is an OS_* variable, so that awk has set FS by then.
const listings =
  /^(?:compgen -v OS_|env \| sed -n s\/\^\\\(OS_\[A-Z0-9_\]\*\\\)=\.\*\/\\1\/p|set \| awk \{ ?FS ?= ?"=" ?\} ?\/\^OS_\/ ?\{ ?print \$1 ?\}|set \| (?:grep \^OS_ \| (?:cut -d ?= -f ?1|cut -f ?1 -d ?=|sed s\/=\.\*\/\/|awk -F ?= \{ ?print \$1 ?\})|awk -F ?= \/\^OS_\/ ?\{ ?print \$1 ?\}))$/

/** The names of all OS_* variables that are set. */
export function cloudNames(shell: Shell): readonly Text[] {
  return shell.variables.names('OS_').map((text) => ({ text, asked: false }))
}
