import type { FormPart } from '../../model/exchange.ts'
import type { ShellWord } from '../conversation.ts'
import { importError } from '../place.ts'
import { textOfInput } from './curl-data.ts'

/**
 * Reads what `-F` is given: `name=text`, `name=@file`, each with `;type=` and `;filename=`, texts and paths bare or in
 * double quotes.
 * https://curl.se/docs/manpage.html#-F
 *
 * @param stdin what `-` reads; undefined when that is not known
 * @throws OsrunError IMPORT_INVALID for what makes another body than one form
 */
export function readFormPart({ text, at }: ShellWord, stdin: string | undefined): FormPart {
  const { name, content } = named({ text, at })
  const [, sign = '', rest = ''] = /^([@<]?)([\s\S]*)$/.exec(content) ?? []
  const { word, after } = firstWord(rest, sign !== '')
  if (sign === '' && word === '(') throw importError(at, 'A form within a form is not understood.')
  if (sign !== '' && after.startsWith(','))
    throw importError(at, 'Several files in one part are not understood.', 'Give each its own -F.')
  const { type, filename } = settingsOf(after)
  const typed = type === undefined ? {} : { type }
  if (sign === '') return { name, text: word, ...typed }
  if (word === '-') return { name, text: textOfInput(stdin, at), ...typed }
  if (sign === '<')
    throw importError(
      at,
      'The text of this part is in a file, which is not read.',
      'Write @ to send the file itself.',
    )
  return { name, file: word, ...typed, ...(filename !== undefined && { filename }) }
}

/** Reads what `--form-string` is given: a name and a text without any signs. */
export function readTextPart(word: ShellWord): FormPart {
  const { name, content } = named(word)
  return { name, text: content }
}

function named({ text, at }: ShellWord): { readonly name: string; readonly content: string } {
  const equals = text.indexOf('=')
  if (equals > 0) return { name: text.slice(0, equals), content: text.slice(equals + 1) }
  throw importError(at, 'A part of a form is a name, an equals sign and a content.')
}

function firstWord(text: string, isFile: boolean): { readonly word: string; readonly after: string } {
  const [quoted, inside] = /^"((?:[^"\\]|\\[\s\S])*)"(?=[;,]|$)/.exec(text) ?? []
  if (quoted !== undefined && inside !== undefined)
    return { word: inside.replace(/\\(["\\])/g, '$1'), after: text.slice(quoted.length) }
  const [word = ''] = (isFile ? /^[^;,]*/ : /^[^;]*/).exec(text) ?? []
  return { word, after: text.slice(word.length) }
}

function settingsOf(text: string): { readonly type?: string; readonly filename?: string } {
  const [, type] = /;\s*type=([^;]*(?:;(?!\s*(?:filename|headers|encoder)=)[^;]*)*)/.exec(text) ?? []
  const [, filename] = /;\s*filename=([\s\S]*)$/.exec(text) ?? []
  return {
    ...(type !== undefined && { type }),
    ...(filename !== undefined && { filename: firstWord(filename, true).word }),
  }
}
