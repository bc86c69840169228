import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { ShellExport } from '../../export/shell/script.ts'
import type { Recipe } from '../../model/recipe.ts'
import { withDefaults } from '../../recipe/choose/resolve-inputs.ts'
import { permissionsOf as askedPermissions } from '../../recipe/read/permissions.ts'
import { fileRefused } from '../../run/step/file-permission.ts'
import { verbs } from '../../steps/index.ts'
import { isWithin } from '../../util/files/within.ts'
import { writeText } from '../files/write-text.ts'
import { addCloudFlags, openCloudIfAny } from '../flags/cloud-flags.ts'
import { addIncludeFlag } from '../flags/include-flag.ts'
import { collectInput, givenInputs, type InputFlags } from '../flags/input-flags.ts'
import { addPermissionFlags, permissionsOf } from '../flags/permission-flags.ts'
import type { CommandContext, Io } from '../io.ts'
import { loadOneRecipe, type OneRecipeFlags, writeHandout } from '../recipes/handout.ts'

type ExportFlags = OneRecipeFlags & InputFlags & { readonly format: 'sh' | 'markdown'; readonly plain?: true }

/** `osrun export`: a recipe as a shell script; as a hand-out it is what `osrun docs` writes. */
export function exportCommand({ io, setStatus }: CommandContext): Command {
  const command = new Command('export')
    .description('write a recipe as a shell script')
    .argument('<recipe>', 'a recipe file')
    .option('-o, --output <file>', 'where to write; stdout unless given')
    .addOption(
      new Option('--format <format>', 'a POSIX script, or a hand-out as osrun docs writes it')
        .choices(['sh', 'markdown'])
        .default('sh'),
    )
    .option('--plain', 'a short script without functions, as on a board, of recipes that are as simple')
    .option(
      '-i, --input <name=value>',
      "an input's value, a default in a script; may be repeated",
      collectInput,
    )
    .option('--inputs <file>', 'inputs from a YAML or JSON file')
  return addCloudFlags(addIncludeFlag(addPermissionFlags(command))).action(
    async (path: string, flags: ExportFlags) => {
      const given = await givenInputs(flags, io)
      const recipe = await loadOneRecipe(path, given, flags, io)
      setStatus(
        flags.format === 'sh'
          ? await writeScript(withDefaults(recipe, given), flags, io)
          : await writeHandout(recipe, given, flags, io),
      )
    },
  )
}

async function writeScript(recipe: Recipe, flags: ExportFlags, io: Io): Promise<number> {
  refuseFilesElsewhere(recipe, permissionsOf(flags, io).allowFiles)
  // A secret is asked for when the script runs, also one that was given here.
  await using opened = await openCloudIfAny(flags, io)
  const text = await scriptOf(recipe, { verbs, cloud: opened?.cloud, ...permissionsOf(flags, io) }, flags)
  await writeText(text, { path: flags.output, mode: 0o755 }, io)
  return 0
}

// What only values decide is decided by the script.
function refuseFilesElsewhere(recipe: Recipe, allowed: readonly string[]): void {
  for (const { kind, what, at } of askedPermissions(recipe, verbs)) {
    const path = resolve(recipe.directory, what)
    if (/^(reads|writes)Elsewhere$/.test(kind) && !isWithin(path, allowed)) throw fileRefused(path, at)
  }
}

async function scriptOf(recipe: Recipe, options: ShellExport, { plain }: ExportFlags): Promise<string> {
  if (plain === true) {
    const { toPlainScript } = await import('../../export/plain/script.ts')
    return toPlainScript(recipe, options)
  }
  const { toShellScript } = await import('../../export/shell/script.ts')
  return toShellScript(recipe, options)
}
