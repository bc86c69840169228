import { isUtf8 } from 'node:buffer'
import type { SourceText } from './conversation.ts'
import { importError, placeIn } from './place.ts'

/**
 * The text of a file: UTF-8, or UTF-16 with a byte order mark as PowerShell writes it, without that mark, and with the line ends of Unix where all of them are those of Windows.
 *
 * @throws OsrunError IMPORT_INVALID at the first byte that is no UTF-8, since a recipe could not hold it
 */
export function sourceText(file: string, bytes: Uint8Array): SourceText {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe
  const decoded = new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(bytes)
  const isOfWindows = decoded.includes('\r\n') && !/(?:^|[^\r])\n/.test(decoded)
  const text = isOfWindows ? decoded.replaceAll('\r\n', '\n') : decoded
  if (wide || isUtf8(bytes)) return { file, text }
  throw importError(
    placeIn({ file, text }, text.indexOf('\ufffd')),
    'This byte is no UTF-8, and a recipe holds text only.',
    'Put a binary body into a file of its own, --data-binary @FILE; convert text of another encoding with iconv.',
  )
}
