import type { Recipe } from '../../model/recipe.ts'

/** Which recipes of many are meant. */
export type Selection = {
  /** Recipes that have one of these tags; a tag after `!` is one that they must not have. All when empty. */
  readonly tags: readonly string[]
  /** Recipes whose name or file holds this text, in any case. */
  readonly grep?: string
  /** One part of several: every recipe is in exactly one of them, as long as all parts get the same list. */
  readonly shard?: { readonly index: number; readonly of: number }
}

/** The recipes that are meant, in the order given. Shards differ by at most one recipe in size. */
export function selectRecipes(recipes: readonly Recipe[], selection: Selection): readonly Recipe[] {
  const { grep, shard } = selection
  const wanted = selection.tags.filter((tag) => !tag.startsWith('!'))
  const unwanted = selection.tags.filter((tag) => tag.startsWith('!')).map((tag) => tag.slice(1))
  return recipes
    .filter(({ tags }) => wanted.length === 0 || wanted.some((tag) => tags.includes(tag)))
    .filter(({ tags }) => !unwanted.some((tag) => tags.includes(tag)))
    .filter(({ name, file }) => grep === undefined || holds(`${name}\n${file}`, grep))
    .filter((_recipe, index) => shard === undefined || index % shard.of === shard.index - 1)
}

function holds(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}
