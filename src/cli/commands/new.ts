import { Command } from 'commander'
import { quoteShell } from '../../util/shell-quote.ts'
import { visible } from '../../util/visible.ts'
import { writeDraft } from '../draft-file.ts'

/** `osrun new`: a recipe to begin with. */
export function newCommand(): Command {
  return new Command('new')
    .description('write a recipe to begin with')
    .argument('<file>', 'the recipe, which must not be there yet; - for standard output')
    .option('--force', 'overwrite the recipe')
    .action(async (file: string, { force }: { readonly force?: boolean }) => {
      const { newRecipe } = await import('../new-recipe.ts')
      const text = newRecipe(file)
      if (file === '-') return void process.stdout.write(text)
      await writeDraft(file, text, force === true)
      process.stderr.write(`${visible(file)} is written. Try it: osrun --sandbox ${quoteShell(file)}\n`)
    })
}
