import type { Position } from '../../model/problem.ts'
import { withoutEnd } from '../../util/text/text-end.ts'
import type { Note, ShellWord } from '../conversation.ts'
import { importError } from '../place.ts'
import { wholeReference } from '../reference.ts'
import { addData, textOfInput, urlEncoded } from './curl-data.ts'
import { readFormPart, readTextPart } from './curl-form-part.ts'
import { whyIgnored } from './curl-options.ts'
import type { CurlSettings, OptionContext } from './curl-settings.ts'

/** Takes an option without a value. */
export function flag(name: string, settings: CurlSettings, { at }: ShellWord, notes: Note[]): void {
  if (name === 'head') settings.head = true
  else if (name === 'get') settings.get = true
  else if (name === 'globoff') settings.globoff = true
  else if (name === 'path-as-is') settings.asIs = true
  else if (name === 'remote-name') settings.outputs.push(undefined)
  else {
    const why = whyIgnored(name)
    if (why !== undefined) notes.push({ message: `curl's --${name} is left out: ${why}.`, at })
  }
}

/**
 * Takes an option with its value.
 *
 * @throws OsrunError IMPORT_INVALID with the place of a value that cannot be understood
 */
export function option(name: string, { text, at }: ShellWord, around: OptionContext): void {
  const { settings, stdin, notes } = around
  switch (name) {
    case 'request':
      if (!/^[A-Za-z]+$/.test(text)) throw importError(at, 'A method of a recipe is made of letters.')
      settings.method = text.toUpperCase()
      return
    case 'url':
      settings.urls.push({ text, at })
      return
    case 'header':
      addHeader(text, at, settings)
      return
    case 'user-agent':
      settings.headers.push(['User-Agent', text])
      return
    case 'referer':
      settings.headers.push(['Referer', text.replace(/;auto$/, '')])
      return
    case 'range':
      settings.headers.push(['Range', `bytes=${text}`])
      return
    case 'user':
      settings.headers.push(['Authorization', basic(text)])
      return
    case 'oauth2-bearer':
      settings.headers.push(['Authorization', `Bearer ${text}`])
      return
    case 'cookie':
      if (text.includes('=')) settings.headers.push(['Cookie', text])
      else notes.push({ message: "curl's --cookie is left out: a file of cookies is not read.", at })
      return
    case 'upload-file':
      if (!/^[-.]$/.test(text)) settings.upload = { kind: 'file', path: text }
      else settings.upload = { kind: 'text', text: textOfInput(stdin, at) }
      return
    case 'url-query':
      settings.query.push(text.startsWith('+') ? text.slice(1) : urlEncoded(text, at))
      return
    case 'output':
      settings.outputs.push(text)
      return
    case 'max-time':
      settings.maxTime = Number(text)
      return
    case 'form':
      settings.parts.push(readFormPart({ text, at }, stdin))
      return
    case 'form-string':
      settings.parts.push(readTextPart({ text, at }))
      return
    case 'config':
      settings.hasConfig = true
      notes.push({ message: "curl's --config is left out: the file of options is not read.", at })
      return
    default:
      if (/^(json|data.*)$/.test(name)) addData(name, { text, at }, around)
      else {
        const why = whyIgnored(name)
        if (why !== undefined) notes.push({ message: `curl's --${name} is left out: ${why}.`, at })
      }
  }
}

function addHeader(text: string, at: Position, { headers, removed }: CurlSettings): void {
  if (text.startsWith('@')) throw importError(at, 'A file of headers is not read.', 'Write them with -H.')
  if (/[\r\n]/.test(withoutEnd(text, '\r\n')))
    throw importError(at, 'A header has more than one line.', 'Give each its own -H.')
  const line = withoutEnd(text, '\r\n')
  const [, name, mark, value = ''] = /^([^:;\s]+)\s*([:;])([\s\S]*)$/.exec(line) ?? []
  if (name === undefined || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    throw importError(at, 'A header is a name, a colon and a value.')
  if (mark === ';') headers.push([name, ''])
  else if (value.trim() === '') removed.add(name.toLowerCase())
  else headers.push([name, value.trim()])
}

/** The value of `Authorization` for `user:password`; with a reference in it only the shell knows it. */
export function basic(text: string): string {
  const isOpen = wholeReference(text) !== undefined || text.includes('\ufdd0')
  return `Basic ${isOpen ? text : Buffer.from(text, 'utf8').toString('base64')}`
}
