import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import { errorCodes } from '../../model/error-codes.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import type { Recipe, RecipeStep } from '../../model/recipe.ts'
import { shortPath } from '../files/short-path.ts'
import type { IncludeFlag } from '../flags/include-flag.ts'
import type { Io } from '../io.ts'
import { listenForInterrupts } from '../terminal/interrupts.ts'
import { printError } from '../terminal/print-error.ts'
import { warnTo } from '../terminal/warn.ts'
import { loadRecipes } from './recipe-files.ts'
import { recipePath } from './shipped.ts'

/** Milliseconds in which an editor that saves writes, renames and removes what it does. */
const settling = 100

/** What the command line says of watching. */
export type WatchFlags = IncludeFlag & {
  readonly watch?: boolean
  readonly inputs?: string
  readonly openrc?: string
}

/** Adds `--watch`. */
export function addWatchFlag(command: Command): Command {
  return command.addOption(
    new Option(
      '--watch',
      'run again whenever a recipe, what it includes, the inputs or the openrc file changes',
    ).conflicts(['break', 'list', 'record', 'replay']),
  )
}

/**
 * Runs recipes, and again whenever one of their files changes, until an interrupt; gives the status of the last run. What is
 * wrong with a recipe is told, and waits for it to be mended; a wrong command line ends it at once.
 */
export function watchRuns(
  paths: readonly string[],
  flags: WatchFlags,
  run: () => Promise<number>,
  io: Io,
): Promise<number> {
  if (paths.includes('-')) throw new OsrunError('USAGE_INVALID', 'Standard input cannot be watched.')
  const around = [...paths, ...[flags.inputs, flags.openrc].filter((path) => path !== undefined)]
  const filesOf = async (): Promise<readonly string[]> => {
    try {
      return [...around, ...filesOfRecipes(await loadRecipes(paths, flags, { cwd: io.cwd }))]
    } catch {
      // The run tells what is wrong.
      return around
    }
  }
  const act = async (): Promise<number> => {
    try {
      return await run()
    } catch (error) {
      printError(error, io)
      return errorCodes[toProblem(error).code].exit
    }
  }
  return watchFiles(filesOf, act, io)
}

/**
 * Does something now and whenever a file changes, until an interrupt or a first status of 1; gives the last status.
 *
 * @param filesOf the files and folders to watch, asked for before each time. Of a folder its YAML files count.
 */
async function watchFiles(
  filesOf: () => Promise<readonly string[]>,
  act: () => Promise<number>,
  io: Io,
): Promise<number> {
  const { watch } = await import('chokidar')
  using interrupts = listenForInterrupts(io)
  const { signal } = interrupts
  const { cwd } = io
  const warn = warnTo(io)
  const named = new Set<string>()
  const isOther = (path: string): boolean => !named.has(path) && !/\.ya?ml$/.test(path)
  const watcher = watch([], {
    ignoreInitial: true,
    ignored: (path, stats) =>
      /[/\\](node_modules|\.git)$/.test(path) || (stats?.isFile() === true && isOther(path)),
  })
  const changed = new Set<string>()
  watcher.on('all', (event, path) => {
    if (!event.endsWith('Dir')) changed.add(path)
  })
  watcher.on('error', (error) => warn(`A change may go unseen: ${toProblem(error).message}`))
  try {
    for (let isFirst = true; ; isFirst = false) {
      const files = await filesOf()
      const whole = files.map((file) => recipePath(file, cwd))
      for (const file of whole) named.add(file)
      watcher.add(whole)
      const status = await act()
      if (signal.aborted || (isFirst && status === 1)) return status
      warn('Waiting for a change of these files; Ctrl+C ends.')
      while (changed.size === 0 && !signal.aborted) await once(watcher, 'all', { signal }).catch(() => {})
      await setTimeout(settling, undefined, { signal }).catch(() => {})
      if (signal.aborted) return status
      warn(`Changed: ${[...changed].map((path) => shortPath(path, cwd)).join(', ')}`)
      changed.clear()
    }
  } finally {
    await watcher.close()
  }
}

// Their own, and those that they include.
function filesOfRecipes(recipes: readonly Recipe[]): readonly string[] {
  return [...new Set(recipes.flatMap((recipe) => [recipe.file, ...recipe.steps.flatMap(included)]))]
}

function included({ included: recipe, defer }: RecipeStep): readonly string[] {
  return [...(recipe === undefined ? [] : filesOfRecipes([recipe])), ...defer.flatMap(included)]
}
