import type { Conversation, Source, SourceText } from './conversation.ts'
import { curlSource } from './curl/from-curl.ts'
import { debugSource } from './from-debug.ts'
import { harSource } from './har/from-har.ts'
import { importError, placeIn } from './place.ts'
import { strayMark } from './reference.ts'

/** The kinds of files that can be imported, in the order in which a text is tried; a new one is a file and a line here. */
export const sources: readonly Source[] = [harSource, debugSource, curlSource]

/** The longest text that is read, in characters; a longer one would cost more memory than it is worth. */
export const longestSource = 64 * 1024 * 1024

/**
 * Reads a text as the kind that `from` names, or as the first that recognises it.
 *
 * @throws OsrunError IMPORT_INVALID when it is none of them, or broken
 */
export function readConversation(source: SourceText, from: string | undefined): Conversation {
  if (source.text.length > longestSource)
    throw importError(
      { file: source.file, line: 1, column: 1 },
      `The file is longer than ${longestSource / 1024 / 1024} MiB.`,
      'Save the requests that matter alone; answers with pictures and pages make a HAR file large.',
    )
  const stray = strayMark(source.text)
  if (stray >= 0)
    throw importError(
      placeIn(source, stray),
      'This character stands for nothing in any text (U+FDD0, U+FDD1).',
    )
  const kind = sources.find((one) => (from === undefined ? one.recognises(source.text) : one.name === from))
  if (source.text.trim() === '')
    throw importError({ file: source.file, line: 1, column: 1 }, 'There is nothing to import.')
  if (kind === undefined)
    throw importError(
      { file: source.file, line: 1, column: 1 },
      `This is none of: ${sources.map(({ summary }) => summary).join(', ')}.`,
      `Say which it is: ${sources.map(({ name }) => `--from ${name}`).join(', ')}.`,
    )
  const conversation = kind.read(source)
  if (conversation.recorded.length > 0) return conversation
  throw importError({ file: source.file, line: 1, column: 1 }, `There is no request in ${kind.summary}.`)
}
