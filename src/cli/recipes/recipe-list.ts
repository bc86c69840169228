import type { Recipe } from '../../model/recipe.ts'
import { visible } from '../../util/text/visible.ts'

/** A line for each recipe: its file, name, tags and locks. */
export function recipeList(recipes: readonly Recipe[]): string {
  const width = Math.max(...recipes.map(({ file }) => file.length))
  return recipes
    .map(({ file, name, tags, locks }) => {
      const marks = tags.length > 0 ? ` [${tags.join(', ')}]` : ''
      const held = locks.length > 0 ? ` (locks ${locks.join(', ')})` : ''
      return visible(`${file.padEnd(width)}  ${name}${marks}${held}`)
    })
    .map((line) => `${line}\n`)
    .join('')
}
