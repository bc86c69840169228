import type { Io } from '../io.ts'
import { prepareFile, writeWholeFile } from './whole-file.ts'

/** Writes a text into a file with this mode, whose folder is made where it is missing, or to standard output where no path is given. */
export async function writeText(
  text: string,
  { path, mode }: { readonly path: string | undefined; readonly mode: number },
  { stdout, cwd }: Pick<Io, 'stdout' | 'cwd'>,
): Promise<void> {
  if (path === undefined) {
    stdout.write(text)
    return
  }
  await prepareFile(path, { what: 'file', cwd })
  await writeWholeFile(path, text, { what: 'file', mode, cwd })
}
