import { Command } from 'commander'
import { addCloudFlags } from '../flags/cloud-flags.ts'
import { addIncludeFlag } from '../flags/include-flag.ts'
import { collectInput, givenInputs, type InputFlags } from '../flags/input-flags.ts'
import { addPermissionFlags } from '../flags/permission-flags.ts'
import { addReplayFlag } from '../flags/recording-flags.ts'
import type { CommandContext } from '../io.ts'
import { loadOneRecipe, type OneRecipeFlags, writeHandout } from '../recipes/handout.ts'

/** `osrun docs`: a recipe as a hand-out in Markdown, with the answers of a run. */
export function docsCommand({ io, setStatus }: CommandContext): Command {
  const command = new Command('docs')
    .description('run a recipe and write it as a hand-out in Markdown, with the answers')
    .argument('<recipe>', 'a recipe file')
    .option('-o, --output <file>', 'where to write; stdout unless given')
    .option('-i, --input <name=value>', "an input's value; may be repeated", collectInput)
    .option('--inputs <file>', 'inputs from a YAML or JSON file')
  return addCloudFlags(addReplayFlag(addIncludeFlag(addPermissionFlags(command)))).action(
    async (path: string, flags: OneRecipeFlags & InputFlags) => {
      const given = await givenInputs(flags, io)
      setStatus(await writeHandout(await loadOneRecipe(path, given, flags, io), given, flags, io))
    },
  )
}
