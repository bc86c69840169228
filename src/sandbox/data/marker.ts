import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DataProblem } from './data-problem.ts'

const name = 'osrun-sandbox.json'
const draft = `.${name}`
const format = 1

/**
 * Says whether a folder has the data of a sandbox. One that is not there, or empty, is made one that has none yet.
 *
 * @throws DataProblem when it has something else, or data of another version
 */
export async function readMarker(folder: string): Promise<'new' | 'ready'> {
  await makeFolder(folder)
  const files = await readdir(folder)
  if (files.includes(name)) return parse(await readFile(join(folder, name), 'utf8'))
  if (files.some((file) => file !== draft))
    throw new DataProblem('invalid', 'it holds something else, and is to be empty or that of a sandbox')
  await writeMarker(folder, 'new')
  return 'new'
}

/** Makes a folder for its owner alone, if it is not there. Those above it have to be: in /proc, say, Node tries for ever to make them. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
  }
}

/** Says of a folder what it has, as one step. */
export async function writeMarker(folder: string, state: 'new' | 'ready'): Promise<void> {
  const handle = await open(join(folder, draft), 'w', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify({ format, state })}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(join(folder, draft), join(folder, name))
}

function parse(text: string): 'new' | 'ready' {
  const found = parseJson(text)
  const { format: written, state } = Object(found) as Readonly<Record<string, unknown>>
  if (written === format && (state === 'new' || state === 'ready')) return state
  if (typeof written !== 'number') throw new DataProblem('invalid', `its ${name} is damaged`)
  throw new DataProblem('invalid', `it is of the version ${written}, and this osrun knows ${format} alone`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DataProblem('invalid', `its ${name} is damaged`, cause)
  }
}
