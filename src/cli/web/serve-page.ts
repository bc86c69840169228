import { errorCodes } from '../../model/error-codes.ts'
import { OsrunError } from '../../model/problem.ts'
import { variantsOf } from '../../recipe/choose/variants.ts'
import type { LedgerPlace } from '../../run/ledger/run-journal.ts'
import type { BoardLink } from '../../web/board/board-link.ts'
import { startPageServer } from '../../web/page-server.ts'
import type { LessonClouds } from '../../web/session/lesson-cloud.ts'
import { pageFolder } from '../files/package-folder.ts'
import type { IncludeFlag } from '../flags/include-flag.ts'
import { type PermissionFlags, permissionsOf } from '../flags/permission-flags.ts'
import type { Io } from '../io.ts'
import { maskedPlan } from '../recipes/masked-plan.ts'
import { loadRecipes } from '../recipes/recipe-files.ts'
import type { Interrupts } from '../terminal/interrupts.ts'
import { printError } from '../terminal/print-error.ts'
import { userAgentOf } from '../version.ts'
import { openShellFile } from './shell-file.ts'

/** What a page is served with. */
export type PageParts = {
  /** Recipe files and folders. */
  readonly paths: readonly string[]
  readonly include: IncludeFlag & PermissionFlags
  readonly interrupts: Interrupts
  /** Makes the clouds of one tab. */
  clouds(): LessonClouds
  readonly ledger?: LedgerPlace
  readonly board?: BoardLink | undefined
  /** Tells the page's address. */
  announce(url: string): void
}

/**
 * Serves recipes as a page for this machine's browsers until a signal ends it, then cleans up what their runs left. Gives
 * the exit status: 0, or 6 where not all could be cleaned up.
 */
export async function servePage(parts: PageParts, io: Io): Promise<number> {
  const { interrupts, ledger } = parts
  const loaded = await loadRecipes(parts.paths, parts.include, io)
  const server = await startPageServer({
    folder: pageFolder(),
    recipes: loaded.flatMap((recipe) => variantsOf(recipe, {})),
    clouds: parts.clouds,
    plan: (recipe, inputs, opened) => maskedPlan(recipe, { ...opened, inputs, explainCurl: true }),
    openShellFile: (opened) => openShellFile(opened, io),
    run: {
      ...(ledger && { ledger }),
      abortCleanup: interrupts.abortCleanup,
      ...permissionsOf(parts.include, io),
      userAgent: userAgentOf(io),
    },
    onEvent: parts.board?.tell,
  })
  parts.announce(server.url)
  await aborted(interrupts.signal)
  const leftovers = await server.close()
  const [first] = leftovers
  if (first === undefined) return 0
  printError(new OsrunError(first.code, first.message, { problems: leftovers }), io)
  return errorCodes.CLEANUP_FAILED.exit
}

/** Settles when a signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
