import type { Command } from 'unbash'
import { reference } from '../reference.ts'
import { evaluateJq } from './jq-program.ts'
import { type Expansion, expandArgument, expandWord, hereText } from './shell-expand.ts'

/**
 * What a command prints, where that can be said without running it: `echo`, `printf` with `%s`, `cat` of a
 * here-document, and `jq -n` with a program that builds a value. Undefined for anything else.
 */
export function printedBy(command: Command, expansion: Expansion): string | undefined {
  const name = command.name?.value
  if (name !== 'echo' && name !== 'printf' && name !== 'cat' && name !== 'jq') return undefined
  const words = command.args.flatMap((word) =>
    word.type === 'Word' ? expandArgument(word, expansion) : [word.text],
  )
  switch (name) {
    case 'echo':
      return words[0] === '-n' ? words.slice(1).join(' ') : `${words.join(' ')}\n`
    case 'printf':
      return printed(words)
    case 'cat': {
      const here = command.redirects.find((one) => one.type !== 'Redirect')
      return here === undefined || words.some((word) => word !== '-') ? undefined : hereText(here, expansion)
    }
    default:
      return jqOutput(command, words, expansion)
  }
}

function printed([format = '', ...values]: readonly string[]): string | undefined {
  if (/%(?![s%])/.test(format) || /\\(?!n)/.test(format)) return undefined
  const rest = [...values]
  const text = format.replace(/%s|%%|\\n/g, (sign) =>
    sign === '%s' ? (rest.shift() ?? '') : sign === '%%' ? '%' : '\n',
  )
  return rest.length === 0 ? text : undefined
}

function jqOutput(command: Command, words: readonly string[], expansion: Expansion): string | undefined {
  const given: Record<string, string> = {}
  let letters = ''
  let program: string | undefined
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    if (word === '--arg') {
      given[words[index + 1] ?? ''] = words[index + 2] ?? ''
      index += 2
    } else if (word.startsWith('--')) letters += word === '--null-input' ? 'n' : ''
    else if (word.startsWith('-')) letters += word.slice(1)
    else if (program === undefined) program = word
    else return undefined
  }
  if (program === undefined || !letters.includes('n')) return undefined
  const own = new Map<string, string>()
  for (const one of command.prefix)
    if (one.type === 'Assignment' && one.value.type === 'Word')
      own.set(one.name, expandWord(one.value, expansion))
  const environment = (name: string): string =>
    own.get(name) ?? expansion.variables.get(name) ?? reference(name)
  const text = evaluateJq(program, { environment, arguments: given })
  return text === undefined || letters.includes('j') ? text : `${text}\n`
}
