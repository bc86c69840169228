import type { Command } from 'commander'
import { OsrunError } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { selectRecipes } from '../../recipe/choose/select.ts'

/** What the command line says of several recipes; camel-cased flag names, as commander gives them. */
export type SuiteFlags = {
  readonly jobs?: number
  readonly failFast?: boolean
  readonly tag?: readonly string[]
  readonly grep?: string
  readonly shard?: { readonly index: number; readonly of: number }
  readonly repeat?: number
  readonly list?: boolean
  readonly lastFailed?: boolean
}

/** Adds the flags that choose among recipes and say how they run together. */
export function addSuiteFlags(command: Command): Command {
  return command
    .optionsGroup('Several recipes:')
    .option('-j, --jobs <number>', 'how many recipes run at a time', numberFor('--jobs'))
    .option('--fail-fast', 'begin no more recipes once one did not pass')
    .option('--tag <tag>', 'recipes with this tag, or without it: !TAG; may be repeated', collectTag)
    .option('--grep <text>', 'recipes with this text in their name or path')
    .option('--shard <i/n>', 'one part of n, the same for the same recipes', shard)
    .option(
      '--last-failed',
      'recipes that did not pass in the last run of the same paths; all when none failed',
    )
    .option('--repeat <number>', 'run each recipe that often', numberFor('--repeat'))
    .option('--list', 'list the recipes that would run, and run none')
}

/**
 * The recipes that the flags choose; refuses to choose none, since a check of nothing must not pass. `isWanted` further
 * chooses among them, where it does not choose none.
 */
export function chosenRecipes(
  recipes: readonly Recipe[],
  flags: SuiteFlags,
  isWanted: (recipe: Recipe) => boolean = () => true,
): readonly Recipe[] {
  const { tag: tags = [], grep, shard: part } = flags
  const selected = selectRecipes(recipes, {
    tags,
    ...(grep !== undefined && { grep }),
    ...(part !== undefined && { shard: part }),
  })
  const wanted = selected.filter(isWanted)
  const chosen = wanted.length > 0 ? wanted : selected
  if (chosen.length > 0) return Array.from({ length: flags.repeat ?? 1 }, () => chosen).flat()
  throw new OsrunError('USAGE_INVALID', `None of the ${recipes.length} recipes is chosen.`, {
    hint: `Tags there are: ${[...new Set(recipes.flatMap((recipe) => recipe.tags))].sort().join(', ') || 'none'}. --list shows what is chosen.`,
  })
}

export function collectTag(tag: string, before: readonly string[] = []): readonly string[] {
  return [...before, tag]
}

function numberFor(flag: string): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
    throw new OsrunError('USAGE_INVALID', `${flag} takes a number from 1 to 9999, and got "${text}".`)
  }
}

function shard(text: string): { readonly index: number; readonly of: number } {
  const [, index, of] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? []
  if (index !== undefined && Number(index) <= Number(of)) return { index: Number(index), of: Number(of) }
  throw new OsrunError('USAGE_INVALID', `--shard takes a part such as 2/4, and got "${text}".`, {
    hint: 'The first number counts from 1 to the second.',
  })
}
