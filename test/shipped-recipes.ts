import { readdirSync } from 'node:fs'

/** The shipped recipes, by their paths below `recipes/`, but for the cards, which are for the sandbox alone. */
export const shippedRecipes: readonly string[] = readdirSync('recipes', { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.yaml') && !name.startsWith('cards/'))
  .sort()
