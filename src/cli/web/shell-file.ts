import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { OsrunError } from '../../model/problem.ts'
import { writeWhole } from '../../util/files/file-draft.ts'
import { quoteShell } from '../../util/text/shell-quote.ts'
import type { ShellFile } from '../../web/session/shell-line.ts'
import type { Io } from '../io.ts'
import type { OpenCloud } from '../open/sandbox-cloud.ts'

/**
 * Makes a file with the variables for a shell that works on the sandbox; nobody but its user can read it, and it goes when
 * it is disposed of. Undefined for another cloud: its secrets come to no file.
 */
export async function openShellFile(
  { cloud, environment }: Pick<OpenCloud, 'cloud' | 'environment'>,
  { temporary }: Pick<Io, 'temporary'>,
): Promise<ShellFile | undefined> {
  if (cloud.name !== 'sandbox') return undefined
  const always = Object.entries(environment).filter(([name]) => name.startsWith('OS_'))
  try {
    const folder = await mkdtemp(join(temporary, 'osrun-'))
    const path = join(folder, 'shell')
    return {
      command: `. ${quoteShell(path)}`,
      async write(variables) {
        const lines = [...always, ...Object.entries(variables)].map(
          ([name, value = '']) => `export ${name}=${quoteShell(value)}\n`,
        )
        // A shell that reads it now reads all of the one or of the other.
        await writeWhole(path, lines.join(''), 0o600)
      },
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    }
  } catch (cause) {
    throw new OsrunError('FILE_UNWRITABLE', 'The variables for a shell cannot be written.', { cause })
  }
}
