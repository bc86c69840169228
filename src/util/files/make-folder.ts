import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder, and those above it that are missing, for their owner alone unless another mode is given; one that is there is
 * left as it is. Rejects with Node's own error. Node's `recursive` tries for ever where a file system answers ENOENT to it, as /proc does.
 */
export async function makeFolder(folder: string, mode = 0o700): Promise<void> {
  const above = dirname(folder)
  try {
    await makeOne(folder, mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error
    await makeFolder(above, mode)
    await makeOne(folder, mode)
  }
}

// Another process may make the same one meanwhile.
async function makeOne(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { mode })
  } catch (error) {
    if (!(await isFolder(folder))) throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
