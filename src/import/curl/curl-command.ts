import type { Position } from '../../model/problem.ts'
import type { Note, RecordedRequest, ShellWord } from '../conversation.ts'
import { importError } from '../place.ts'
import { configWords } from './curl-config-words.ts'
import { flag, option } from './curl-option-values.ts'
import { curlOption, longName, nearestOption } from './curl-options.ts'
import { requestsOf } from './curl-requests.ts'
import { openSettings } from './curl-settings.ts'

/** What a curl command line asks for, and what of it osrun does not take. */
type Commanded = { readonly requests: readonly RecordedRequest[]; readonly notes: readonly Note[] }

/**
 * Reads a curl command line as curl does: combined letters, attached values, several URLs, `--next`.
 * https://curl.se/docs/manpage.html
 *
 * @param given what follows `curl`
 * @param stdin what `@-` reads; undefined when that is not known
 * @throws OsrunError IMPORT_INVALID with the place of the word that cannot be understood
 */
export function readCurl(command: ShellWord, given: readonly ShellWord[], stdin?: string): Commanded {
  const words = [...given]
  const notes: Note[] = []
  const requests: RecordedRequest[] = []
  let settings = openSettings()
  let onlyUrls = false
  for (let index = 0; index < words.length; index++) {
    const word = words[index]
    if (word === undefined) break
    if (onlyUrls || !/^-./.test(word.text)) settings.urls.push(word)
    else if (word.text === '--') onlyUrls = true
    else
      for (const { name, value, takesValue } of optionsOf(word)) {
        if (name === 'next') {
          requests.push(...requestsOf(settings, command))
          settings = openSettings()
          continue
        }
        if (!takesValue) flag(name, settings, word, notes)
        else {
          const argument: ShellWord | undefined =
            value === undefined ? words[++index] : { text: value, at: word.at }
          if (argument === undefined) throw importError(word.at, `--${name} needs a value, and none follows.`)
          if (name === 'config' && argument.text === '-' && stdin !== undefined)
            words.splice(index + 1, 0, ...configWords(stdin, argument.at))
          else option(name, argument, { settings, stdin, notes })
        }
      }
  }
  requests.push(...requestsOf(settings, command))
  if (settings.head && settings.method === 'GET')
    notes.push({
      message: 'curl -X GET -I sends a GET and leaves its body lying; the recipe sends a HEAD.',
      at: command.at,
    })
  return { requests, notes }
}

type Option = { readonly name: string; readonly takesValue: boolean; readonly value?: string }

function optionsOf({ text, at }: ShellWord): readonly Option[] {
  if (text.startsWith('--')) {
    const equals = text.indexOf('=')
    const name = text.slice(2, equals < 0 ? undefined : equals)
    const { takesValue, known } = curlOption(name)
    if (!known) throw unknown(`--${name}`, nearestOption(name), at)
    return [{ name, takesValue, ...(takesValue && equals >= 0 && { value: text.slice(equals + 1) }) }]
  }
  const options: Option[] = []
  for (let index = 1; index < text.length; index++) {
    const name = longName(text[index] ?? '')
    if (name === undefined) throw unknown(`-${text[index]}`, nearestOption(text.slice(1)), at)
    const { takesValue } = curlOption(name)
    const rest = text.slice(index + 1)
    options.push({ name, takesValue, ...(takesValue && rest !== '' && { value: rest }) })
    if (takesValue) break
  }
  return options
}

function unknown(option: string, near: string | undefined, at: Position): Error {
  const hint = near === undefined ? '`curl --help all` lists what there is.' : `Did you mean --${near}?`
  return importError(at, `curl has no option ${option}.`, hint)
}
