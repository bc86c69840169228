import type { Position } from '../../model/problem.ts'
import type { ShellWord } from '../conversation.ts'
import { curlOption, longName } from './curl-options.ts'

/**
 * The words of a command line that the lines of a configuration stand for: an option with or without dashes, then blanks,
 * `=` or `:`, then a value, bare or in double quotes. All of them are at the place of the option that names it.
 * https://curl.se/docs/manpage.html#-K
 */
export function configWords(config: string, at: Position): readonly ShellWord[] {
  return config.split(/\r?\n/).flatMap((line) => {
    const [, dashes = '', name, rest = ''] = /^\s*(-{0,2})([^\s=:#][^\s=:]*)(.*)$/s.exec(line) ?? []
    if (name === undefined) return []
    const option = dashes === '-' ? `-${name}` : `--${name}`
    const long = dashes === '-' ? longName(name) : name
    if (long === undefined || !curlOption(long).takesValue) return [{ text: option, at }]
    return [
      { text: option, at },
      { text: configValue(rest), at },
    ]
  })
}

function configValue(rest: string): string {
  const text = rest.replace(/^\s*[=:]?\s*/, '')
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"/.exec(text) ?? []
  if (quoted === undefined) return /^\S*/.exec(text)?.[0] ?? ''
  return quoted.replace(/\\(.)/g, (_, sign: string) => controls[sign] ?? sign)
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v' }
