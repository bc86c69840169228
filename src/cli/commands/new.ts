import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { quoteShell } from '../../util/text/shell-quote.ts'
import { visible } from '../../util/text/visible.ts'
import { writeDraft } from '../files/draft-file.ts'
import type { CommandContext } from '../io.ts'
import { loadRecipes } from '../recipes/recipe-files.ts'
import { recipePath } from '../recipes/shipped.ts'

/** `osrun new`: a recipe to begin with. */
export function newCommand({ io }: Pick<CommandContext, 'io'>): Command {
  return new Command('new')
    .description('write a recipe to begin with')
    .argument('<file>', 'the recipe, which must not be there yet; - for standard output')
    .option('--from <recipe>', 'a copy of this recipe: a file, or one that comes with osrun')
    .option('--force', 'overwrite the recipe')
    .action(async (file: string, { force, from }: { readonly force?: boolean; readonly from?: string }) => {
      const text = from === undefined ? await firstRecipe(file) : await copyOf(from, io)
      if (file === '-') return void io.stdout.write(text)
      await writeDraft(file, text, { mayOverwrite: force === true, cwd: io.cwd })
      io.stderr.write(`${visible(file)} is written. Try it: osrun --sandbox ${quoteShell(file)}\n`)
    })
}

async function firstRecipe(file: string): Promise<string> {
  const { newRecipe } = await import('../recipes/new-recipe.ts')
  return newRecipe(file)
}

// A copy stands elsewhere: its schema is not beside it.
async function copyOf(word: string, { cwd }: CommandContext['io']): Promise<string> {
  await loadRecipes([word], {}, { cwd })
  const text = await readFile(recipePath(word, cwd), 'utf8')
  return text.replace(/^# yaml-language-server: \$schema=.*\n/m, '')
}
