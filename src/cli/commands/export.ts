import { writeFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { OsrunError } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { GivenInputs } from '../../recipe/resolve-inputs.ts'
import { resolveInputs, withDefaults } from '../../recipe/resolve-inputs.ts'
import { variantsOf } from '../../recipe/variants.ts'
import { verbs } from '../../steps/index.ts'
import { fileTrouble } from '../../util/file-trouble.ts'
import type { CloudFlags } from '../cloud-flags.ts'
import { addCloudFlags, openCloud, openCloudIfAny } from '../cloud-flags.ts'
import { addIncludeFlag, type IncludeFlag } from '../include-flag.ts'
import { collectInput, givenInputs, type InputFlags } from '../input-flags.ts'
import { listenForInterrupts } from '../interrupts.ts'
import { outputOf } from '../output.ts'
import { loadRecipes } from '../recipe-files.ts'
import { version } from '../version.ts'

type ExportFlags = CloudFlags &
  InputFlags &
  IncludeFlag & {
    readonly output?: string
    readonly format: 'sh' | 'markdown'
  }

/** `osrun export`: a recipe as a shell script, or as a hand-out with real answers. */
export function exportCommand(setStatus: (status: number) => void): Command {
  const command = new Command('export')
    .description('write a recipe as a shell script, or run it and write it as a hand-out')
    .argument('<recipe>', 'a recipe file')
    .option('-o, --output <file>', 'where to write; stdout unless given')
    .addOption(
      new Option('--format <format>', 'a POSIX script, or a hand-out with the answers of a run')
        .choices(['sh', 'markdown'])
        .default('sh'),
    )
    .option(
      '-i, --input <name=value>',
      "an input's value, a default in a script; may be repeated",
      collectInput,
    )
    .option('--inputs <file>', 'inputs from a YAML or JSON file')
  return addCloudFlags(addIncludeFlag(command)).action(async (path: string, flags: ExportFlags) => {
    const given = await givenInputs(flags)
    const loaded = await loadRecipes([path], flags)
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
    setStatus(
      flags.format === 'sh'
        ? await writeScript(withDefaults(recipe, given), flags)
        : await writeHandout(recipe, given, flags),
    )
  })
}

async function writeScript(recipe: Recipe, flags: ExportFlags): Promise<number> {
  // A secret is asked for when the script runs, also one that was given here.
  await using opened = await openCloudIfAny(flags)
  const { toShellScript } = await import('../../export/shell/script.ts')
  await write(await toShellScript(recipe, { verbs, cloud: opened?.cloud }), flags.output, 0o755)
  return 0
}

async function writeHandout(recipe: Recipe, given: GivenInputs, flags: ExportFlags): Promise<number> {
  using interrupts = listenForInterrupts()
  const inputs = resolveInputs(recipe, given)
  await using opened = await openCloud(flags)
  const { runRecipe } = await import('../../run/run-recipe.ts')
  const { toHandout } = await import('../../export/markdown.ts')
  const run = runRecipe(recipe, {
    cloud: opened.cloud,
    environment: opened.environment,
    inputs,
    signal: interrupts.signal,
    abortCleanup: interrupts.abortCleanup,
    userAgent: `osrun/${version} node/${process.versions.node}`,
  })
  await write(await toHandout(recipe, run), flags.output, 0o644)
  return (await run.result).exit
}

async function write(text: string, path: string | undefined, mode: number): Promise<void> {
  if (path === undefined) {
    outputOf(process.stdout).write(text)
    return
  }
  try {
    await writeFile(path, text, { mode })
  } catch (cause) {
    throw new OsrunError('FILE_UNWRITABLE', `The file "${path}" cannot be written: ${fileTrouble(cause)}.`, {
      cause,
    })
  }
}
