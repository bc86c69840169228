import { createHash } from 'node:crypto'
import { appendFile, readFile, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { RunResult } from '../../model/event.ts'
import { toProblem } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { writeWhole } from '../../util/files/file-draft.ts'
import { makeFolder } from '../../util/files/make-folder.ts'
import { chosenRecipes, type SuiteFlags } from '../flags/suite-flags.ts'

/** What is remembered of the last runs of some paths: the files of recipes that did not pass. */
export type LastFailed = {
  /** Whether one of them is the recipe's, from whichever folder it is run. */
  has(recipe: Recipe): boolean
  /** Recipes begin to run: until they are told to have passed, they have not. */
  begin(recipes: readonly Recipe[]): Promise<void>
  /** Runs have ended, or were not begun any more. */
  end(recipes: readonly Recipe[], results: readonly RunResult[]): Promise<void>
}

/**
 * Reads what is remembered of the paths of a command line. Lines are only ever added, so that several processes, such as
 * the shards of a suite, can write at once; the file goes when everything has passed. `warn` is told what cannot be read
 * or written, which stops nothing. Without a folder nothing is remembered.
 */
export async function lastFailedOf(
  paths: readonly string[],
  { folder, cwd }: { readonly folder: string | undefined; readonly cwd: string },
  warn: (message: string) => void,
): Promise<LastFailed> {
  if (folder === undefined) return { has: () => false, begin: async () => {}, end: async () => {} }
  const key = JSON.stringify(paths.map((path) => resolve(cwd, path)).sort())
  const file = join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 16)}.ndjson`)
  const attempt = async (what: string, change: () => Promise<void>): Promise<void> => {
    try {
      await change()
    } catch (error) {
      warn(`What failed cannot be ${what} "${file}": ${toProblem(error).message}.`)
    }
  }
  const add = (line: Line): Promise<void> => appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 })
  let files: ReadonlySet<string> = new Set()
  await attempt('read from', async () => {
    files = await readFiles(file)
  })
  let isWritable = false
  return {
    has: ({ file }) => files.has(resolve(cwd, file)),
    begin: (recipes) =>
      attempt('written to', async () => {
        await makeFolder(folder)
        await add({ begun: [...new Set(recipes.map(({ file }) => resolve(cwd, file)))] })
        isWritable = true
      }),
    async end(recipes, results) {
      if (!isWritable) return
      await attempt('written to', async () => {
        await add({ passed: passedFiles(recipes, results).map((file) => resolve(cwd, file)) })
        await shorten(file)
      })
    },
  }
}

/** The length in bytes from which a file is written anew. */
const long = 256 * 1024

async function shorten(file: string): Promise<void> {
  const left = await readFiles(file)
  if (left.size === 0) return rm(file, { force: true })
  if ((await stat(file)).size < long) return
  await writeWhole(file, `${JSON.stringify({ begun: [...left] })}\n`, 0o600)
}

type Line = { readonly begun?: readonly string[]; readonly passed?: readonly string[] }

async function readFiles(path: string): Promise<ReadonlySet<string>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const files = new Set<string>()
  for (const line of text.split('\n')) {
    const { begun, passed } = parseLine(line)
    for (const file of begun ?? []) files.add(file)
    for (const file of passed ?? []) files.delete(file)
  }
  return files
}

function parseLine(line: string): Line {
  try {
    const value: unknown = JSON.parse(line)
    const { begun, passed } = Object(value) as { readonly begun?: unknown; readonly passed?: unknown }
    return { begun: texts(begun), passed: texts(passed) }
  } catch {
    // The last line of a process that was killed while it wrote.
    return {}
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

// With --repeat a recipe has passed when it has passed every time.
function passedFiles(recipes: readonly Recipe[], results: readonly RunResult[]): readonly string[] {
  const missing = new Map<string, number>()
  for (const { file } of recipes) missing.set(file, (missing.get(file) ?? 0) + 1)
  for (const { file, exit } of results) if (exit === 0) missing.set(file, (missing.get(file) ?? 0) - 1)
  return [...missing].flatMap(([file, count]) => (count > 0 ? [] : [file]))
}

/**
 * The recipes that the flags choose, with `--last-failed` those of them that failed. As pytest: where nothing failed, or
 * nothing that is chosen now, all are run.
 */
export function chooseRecipes(
  recipes: readonly Recipe[],
  flags: SuiteFlags,
  { has: hasFailed }: LastFailed,
  warn: (message: string) => void,
): readonly Recipe[] {
  if (flags.lastFailed !== true) return chosenRecipes(recipes, flags)
  const chosen = chosenRecipes(recipes, flags, hasFailed)
  if (!chosen.some(hasFailed))
    warn('None of these recipes failed in the last run of the same paths: all are run.')
  return chosen
}
