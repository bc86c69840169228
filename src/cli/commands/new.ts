import { Command } from 'commander'
import { quoteShell } from '../../util/text/shell-quote.ts'
import { visible } from '../../util/text/visible.ts'
import { writeDraft } from '../files/draft-file.ts'
import type { CommandContext } from '../io.ts'

/** `osrun new`: a recipe to begin with. */
export function newCommand({ io }: Pick<CommandContext, 'io'>): Command {
  return new Command('new')
    .description('write a recipe to begin with')
    .argument('<file>', 'the recipe, which must not be there yet; - for standard output')
    .option('--force', 'overwrite the recipe')
    .action(async (file: string, { force }: { readonly force?: boolean }) => {
      const { newRecipe } = await import('../recipes/new-recipe.ts')
      const text = newRecipe(file)
      if (file === '-') return void io.stdout.write(text)
      await writeDraft(file, text, { mayOverwrite: force === true, cwd: io.cwd })
      io.stderr.write(`${visible(file)} is written. Try it: osrun --sandbox ${quoteShell(file)}\n`)
    })
}
