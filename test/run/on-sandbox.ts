import { loadRecipe, type RunOptions, resolveCloud, runRecipe } from '../../src/library/index.ts'
import { startSandbox } from '../../src/library/sandbox.ts'
import type { Cloud } from '../../src/model/cloud.ts'
import type { RunResult, SafeEvent } from '../../src/model/event.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { parseRecipe } from '../../src/recipe/parse.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { verbs } from '../../src/steps/index.ts'
import { nowhere } from '../nowhere.ts'
import { assertNoSecret } from '../secrets/canary.ts'

/** The cloud that the sandbox's environment describes. */
export function cloudOf(environment: Readonly<Record<string, string | undefined>>): Promise<Cloud> {
  return Promise.resolve(
    resolveCloud({
      flags: {},
      environment,
      home: nowhere,
      cwd: nowhere,
      platform: 'linux',
      readFile: async () => undefined,
    }),
  )
}

/** A recipe written in a test; its folder is nowhere unless one is given. */
export async function recipeOf(text: string, directory = nowhere): Promise<Recipe> {
  return parseRecipe(text, { file: 'recipe.yaml', directory, verbs })
}

/** Runs a recipe to its end and keeps what happened. */
export async function runToEnd(
  recipe: Recipe,
  options: RunOptions,
): Promise<{ readonly events: readonly SafeEvent[]; readonly result: RunResult }> {
  const run = runRecipe(recipe, options)
  const events: SafeEvent[] = []
  for await (const event of run) events.push(event)
  const result = await run.result
  if (options.reveal !== true) assertNoSecret(JSON.stringify([events, result]), 'an event')
  return { events, result }
}

export type { Sandbox }
export { loadRecipe, startSandbox }
