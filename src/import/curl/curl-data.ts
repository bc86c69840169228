import type { Position } from '../../model/problem.ts'
import type { ShellWord } from '../conversation.ts'
import { importError } from '../place.ts'
import type { OptionContext } from './curl-settings.ts'

/** Adds what `-d` and those like it send; a file is named, and only standard input is read. */
export function addData(name: string, { text, at }: ShellWord, { settings, stdin }: OptionContext): void {
  if (name === 'json') settings.json = true
  else settings.isForm = true
  if (name === 'data-urlencode') {
    settings.data.push(urlEncoded(text, at))
    return
  }
  if (name === 'data-raw' || !text.startsWith('@')) {
    settings.data.push(text)
    return
  }
  if (text !== '@-') {
    if (settings.data.length > 0) throw importError(at, 'A body is a text or one file, not both.')
    settings.file = text.slice(1)
    return
  }
  const read = textOfInput(stdin, at)
  // -d and --data take line breaks out of what they read; --data-binary and --json do not.
  settings.data.push(/^data(-ascii)?$/.test(name) ? read.replace(/[\r\n\0]/g, '') : read)
}

/** What standard input holds; an error where nobody knows. */
export function textOfInput(stdin: string | undefined, at: Position): string {
  if (stdin !== undefined) return stdin
  throw importError(at, 'The body comes from standard input, and what goes in there is not known.')
}

/** `content`, `=content`, `name=content` with the content percent-encoded, as curl does it. */
export function urlEncoded(text: string, at: Position): string {
  const [, name = '', mark = '', content = text] = /^([^=@]*)([=@])([\s\S]*)$/.exec(text) ?? []
  if (mark === '@') throw importError(at, 'A file cannot be percent-encoded here: it is not read.')
  const encoded = encodeURIComponent(content.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%EF%B7%90', '\ufdd0')
    .replaceAll('%EF%B7%91', '\ufdd1')
  return name === '' ? encoded : `${name}=${encoded}`
}
