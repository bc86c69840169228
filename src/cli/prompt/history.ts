import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../util/files/make-folder.ts'
import { writeWholeFile } from '../files/whole-file.ts'

/** How many lines are kept. */
const mostLines = 200

/** The lines that were typed before, the latest first; none where nothing can be read. */
export async function readHistory(folder: string | undefined): Promise<string[]> {
  if (folder === undefined) return []
  // Whoever has no history, or may not read it, begins one.
  const text = await readFile(join(folder, 'history'), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '')
}

/** Keeps lines, the latest first, for their owner alone, whoever could read them before; `mask` takes out what is secret. */
export async function writeHistory(
  folder: string | undefined,
  lines: readonly string[],
  mask: (text: string) => string,
): Promise<void> {
  if (folder === undefined) return
  const text = lines.slice(0, mostLines).map((line) => `${mask(line)}\n`)
  await makeFolder(folder)
  await writeWholeFile(join(folder, 'history'), text.join(''), { what: 'history', cwd: folder })
}
