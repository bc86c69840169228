import { readdirSync } from 'node:fs'

/** The shipped recipes, by their paths below `recipes/`. */
export const shippedRecipes: readonly string[] = readdirSync('recipes', { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
