import { Command } from 'commander'
import type { Recipe } from '../../model/recipe.ts'
import { addIncludeFlag, type IncludeFlag } from '../flags/include-flag.ts'
import { chosenRecipes, collectTag } from '../flags/suite-flags.ts'
import type { CommandContext } from '../io.ts'
import { loadRecipes } from '../recipes/recipe-files.ts'
import { recipeList } from '../recipes/recipe-list.ts'
import { shippedNames } from '../recipes/shipped.ts'

/** The folders of the recipes that come with the program, with what is said above each; the last one has those of no folder. */
const groups: readonly (readonly [folder: string, title: string])[] = [
  ['', 'To begin with: osrun NAME'],
  ['smoke/', 'Checks of a cloud: osrun smoke runs all of them'],
  ['course/', 'Lessons: osrun learn'],
  ['cards/', 'What is broken?: osrun learn --cards'],
]

/** `osrun list`: the recipes that come with the program, or those of files and folders, a line for each. */
export function listCommand({ io }: Pick<CommandContext, 'io'>): Command {
  const command = new Command('list')
    .description('list the recipes that come with osrun, or those of files and folders')
    .argument('[recipe...]', 'recipe files and folders')
    .option('--tag <tag>', 'recipes with this tag, or without it: !TAG; may be repeated', collectTag)
  return addIncludeFlag(command).action(
    async (paths: readonly string[], flags: IncludeFlag & { readonly tag?: readonly string[] }) => {
      const words = paths.length === 0 ? await shippedNames() : paths
      const recipes = chosenRecipes(await loadRecipes(words, flags, io), { ...flags })
      io.stdout.write(paths.length === 0 ? inGroups(recipes) : recipeList(recipes))
    },
  )
}

function inGroups(recipes: readonly Recipe[]): string {
  const texts = groups.flatMap(([folder, title]) => {
    const own = recipes.filter(({ file }) => file.slice(0, file.indexOf('/') + 1) === folder)
    return own.length === 0 ? [] : [`${title}\n${recipeList(own).replace(/^/gm, '  ').trimEnd()}\n`]
  })
  return texts.join('\n')
}
