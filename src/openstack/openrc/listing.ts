import type { Command, Word } from 'unbash'
import type { Shell } from './shell.ts'
import type { Text } from './variables.ts'

/**
 * The names that a `$(…)` lists, where it lists those of all OS_* variables, as in files of kolla, TripleO and osrun's own
 * sandbox; undefined for any other word. Their order is not that of a shell.
 */
export function listedNames(word: Word, shell: Shell): readonly Text[] | undefined {
  const listing = listingOf(word)
  if (listing === undefined) return undefined
  const names = shell.variables.names('OS_').map((text) => ({ text, asked: false }))
  if (!listing.startsWith('env')) return names
  // `env` lists what is exported alone, and a line within a value as if it were a variable.
  const exported = names.filter(({ text }) => shell.variables.get(text)?.isExported === true)
  if (exported.some(({ text }) => /\nOS_/.test(shell.read(text, word)?.text ?? ''))) return undefined
  return exported.filter(({ text }) => !listing.includes('[A-Z') || /^[A-Z0-9_]+$/.test(text))
}

function listingOf(word: Word): string | undefined {
  const [part, second] = word.parts ?? []
  if (part?.type !== 'CommandExpansion' || second !== undefined || part.script === undefined) return undefined
  const [only, other] = part.script.commands
  if (only === undefined || other !== undefined) return undefined
  const { command } = only
  const commands = command.type === 'Pipeline' ? command.commands : [command]
  const text = commands.map((one) => (one.type === 'Command' ? wordsOf(one) : '?')).join(' | ')
  return listings.test(text) ? text : undefined
}

function wordsOf({ name, prefix, suffix }: Command): string {
  if (prefix.length > 0) return '?'
  const words = [name, ...suffix].map((word) => (word?.type === 'Word' ? word : undefined))
  const isKnown = (word: Word | undefined): boolean =>
    word?.parts?.every(({ type }) => type === 'Literal' || type === 'SingleQuoted') ?? word !== undefined
  if (!words.every(isKnown)) return '?'
  return words.map((word) => word?.value.replace(/\s+/g, ' ')).join(' ')
}

const listings = new RegExp(
  `^(?:${[
    'compgen -v OS_',
    // The first line of `set` never is an OS_* variable, so that awk has its FS by then; that of `env` may be one.
    String.raw`set \| awk \{ ?FS ?= ?"=" ?\} ?\/\^OS_\/ ?\{ ?print \$1 ?\}`,
    String.raw`(?:set|env) \| awk -F ?= \/\^OS_\/ ?\{ ?print \$1 ?\}`,
    String.raw`(?:set|env) \| grep \^OS_ \| (?:cut -d ?= -f ?1|cut -f ?1 -d ?=|sed s\/=\.\*\/\/|awk -F ?= \{ ?print \$1 ?\})`,
    String.raw`env \| sed -n s\/\^\\\(OS_\[A-Z0-9_\]\*\\\)=\.\*\/\\1\/p`,
  ].join('|')})$`,
)
