import { OsrunError } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { type GivenInputs, resolveInputs } from '../../recipe/choose/resolve-inputs.ts'
import { variantsOf } from '../../recipe/choose/variants.ts'
import type { SuiteEntry } from '../../run/suite/suite-options.ts'
import { verbs } from '../../steps/index.ts'
import { prepareFile } from '../files/whole-file.ts'
import { writeText } from '../files/write-text.ts'
import type { CloudFlags } from '../flags/cloud-flags.ts'
import type { IncludeFlag } from '../flags/include-flag.ts'
import { type PermissionFlags, permissionsOf } from '../flags/permission-flags.ts'
import { openSource, type RecordingFlags } from '../flags/recording-flags.ts'
import type { Io } from '../io.ts'
import { listenForInterrupts } from '../terminal/interrupts.ts'
import { userAgentOf } from '../version.ts'
import { loadRecipes } from './recipe-files.ts'

/** What a command line says of the text that is made of one recipe. */
export type OneRecipeFlags = CloudFlags &
  IncludeFlag &
  PermissionFlags &
  RecordingFlags & { readonly output?: string }

/** The one run that a path and the given inputs choose; throws USAGE_INVALID for none or several. */
export async function loadOneRecipe(
  path: string,
  given: GivenInputs,
  flags: IncludeFlag,
  io: Pick<Io, 'cwd'>,
): Promise<Recipe> {
  const loaded = await loadRecipes([path], flags, io)
  const recipes = loaded.flatMap((one) => variantsOf(one, given))
  const [recipe] = recipes
  if (loaded.length === 1 && recipes.length > 1)
    throw new OsrunError(
      'USAGE_INVALID',
      `An export is of one run, and the matrix of "${path}" makes ${recipes.length}.`,
      { hint: `Choose one: --input ${Object.keys(loaded[0]?.matrix ?? {}).join('=… --input ')}=…` },
    )
  if (recipe === undefined || recipes.length > 1)
    throw new OsrunError(
      'USAGE_INVALID',
      `An export is of one recipe, and "${path}" holds ${recipes.length}.`,
    )
  return recipe
}

/** Runs a recipe, or replays it, writes it as a hand-out with the answers, and gives the exit status of the run. */
export async function writeHandout(
  recipe: Recipe,
  given: GivenInputs,
  flags: OneRecipeFlags,
  io: Io,
): Promise<number> {
  using interrupts = listenForInterrupts(io)
  if (flags.output !== undefined) await prepareFile(flags.output, { what: 'file', cwd: io.cwd })
  await using source = await openSource(flags, io)
  const entry: SuiteEntry = source.replay?.entryOf(recipe) ?? { recipe, inputs: resolveInputs(recipe, given) }
  const { runRecipe } = await import('../../run/recipe/run-recipe.ts')
  const { toHandout } = await import('../../export/markdown.ts')
  const run = runRecipe(entry.recipe, {
    cloud: source.cloud,
    inputs: entry.inputs,
    ...permissionsOf(flags, io),
    ...entry.replay,
    environment: { ...source.environment, ...entry.replay?.environment },
    signal: interrupts.signal,
    abortCleanup: interrupts.abortCleanup,
    userAgent: userAgentOf(io),
  })
  await writeText(
    `${await toHandout(recipe, run)}${await plainScriptOf(recipe)}`,
    { path: flags.output, mode: 0o644 },
    io,
  )
  return (await run.result).exit
}

// What a reader can type in a shell of their own; none of a recipe that is not as simple.
async function plainScriptOf(recipe: Recipe): Promise<string> {
  const { toPlainScript } = await import('../../export/plain/script.ts')
  try {
    const script = await toPlainScript(recipe, { verbs, cloud: undefined })
    return `\n## All of it as one script\n\n\`\`\`sh\n${script}\`\`\`\n`
  } catch (error) {
    if (error instanceof OsrunError && error.code === 'EXPORT_IMPOSSIBLE') return ''
    throw error
  }
}
