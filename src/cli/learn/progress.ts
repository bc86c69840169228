import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { writeWhole } from '../../util/files/file-draft.ts'
import { makeFolder } from '../../util/files/make-folder.ts'

/** How far somebody has come in a recipe. */
export type Place = {
  /** How many of its steps have been seen. */
  readonly steps: number
  /** Whether all of them have. */
  readonly isDone: boolean
  /** Whether its practice task has been done. */
  readonly isPractised: boolean
}

/** What is remembered of the recipes that somebody has learnt from. */
export type Progress = {
  of(file: string): Place
  set(file: string, place: Place): Promise<void>
}

const start: Place = { steps: 0, isDone: false, isPractised: false }

/**
 * Reads what is remembered in a folder; without one, or where it cannot be read or written, only this process remembers,
 * and `warn` is told why.
 */
export async function readProgress(
  { folder, cwd }: { readonly folder: string | undefined; readonly cwd: string },
  warn: (message: string) => void,
): Promise<Progress> {
  const places = new Map<string, Place>()
  const path = folder && join(folder, 'progress.json')
  if (path !== undefined)
    for (const [file, place] of Object.entries(await readPlaces(path, warn))) places.set(file, place)
  return {
    of: (file) => places.get(resolve(cwd, file)) ?? start,
    async set(file, place) {
      places.set(resolve(cwd, file), place)
      if (path === undefined) return
      try {
        await makeFolder(dirname(path))
        await writeWhole(path, `${JSON.stringify(Object.fromEntries(places), undefined, 2)}\n`, 0o600)
      } catch (error) {
        warn(`How far you are cannot be written to "${path}": ${String((error as Error).message)}.`)
      }
    },
  }
}

async function readPlaces(
  path: string,
  warn: (message: string) => void,
): Promise<Readonly<Record<string, Place>>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      warn(`How far you are cannot be read from "${path}": ${(error as Error).message}.`)
    return {}
  }
  try {
    const data: unknown = JSON.parse(text)
    return Object.fromEntries(
      Object.entries(Object(data) as Readonly<Record<string, unknown>>).map(([file, place]) => [
        file,
        toPlace(place),
      ]),
    )
  } catch {
    warn(`"${path}" is no JSON, so it is as if you had not begun.`)
    return {}
  }
}

function toPlace(value: unknown): Place {
  const { steps, isDone, isPractised } = Object(value) as Readonly<Record<string, unknown>>
  return {
    steps: typeof steps === 'number' && Number.isInteger(steps) && steps > 0 ? steps : 0,
    isDone: isDone === true,
    isPractised: isPractised === true,
  }
}
