import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { DataPath, Read, Recipe } from '../../src/model/recipe.ts'
import type { Values } from '../../src/run/recipe/values.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { cloudOf, loadRecipe, type Sandbox, startSandbox } from './on-sandbox.ts'

const looked: DataPath[] = []

function logging(values: Values): Values {
  return {
    ...values,
    lookup(path) {
      looked.push(path)
      return values.lookup(path)
    },
    over: (own) => logging(values.over(own)),
  }
}

let sandbox: Sandbox
let runRecipe: typeof import('../../src/library/index.ts').runRecipe
beforeAll(async () => {
  vi.doMock('../../src/run/recipe/values.ts', async (original) => {
    const own = await original<typeof import('../../src/run/recipe/values.ts')>()
    return {
      ...own,
      createValues: (...given: Parameters<typeof own.createValues>) => logging(own.createValues(...given)),
    }
  })
  vi.resetModules()
  ;({ runRecipe } = await import('../../src/library/index.ts'))
  sandbox = await startSandbox()
})
afterAll(async () => {
  vi.doUnmock('../../src/run/recipe/values.ts')
  vi.resetModules()
  await sandbox.close()
})

/** All that is read in a recipe, also by deferred steps of what their own step sets. */
function readsWithin({ steps, reads }: Pick<Recipe, 'steps' | 'reads'>): readonly Read[] {
  const inner = steps.flatMap((step) => [
    ...readsWithin({ steps: step.defer, reads: step.defer.flatMap((one) => one.reads) }),
    ...(step.included === undefined ? [] : readsWithin(step.included)),
  ])
  return [...reads, ...inner]
}

describe('what a run looks up is among what its recipe reads', () => {
  test.each(shippedRecipes)('%s', async (file) => {
    const recipe = await loadRecipe(`recipes/${file}`)
    looked.length = 0
    const { environment } = sandbox
    const run = runRecipe(recipe, {
      cloud: await cloudOf(environment),
      environment,
      allowRun: true,
      wait: async () => {},
    })
    for await (const _event of run);
    const { problem } = await run.result
    expect(problem).toBeUndefined()
    const known = readsWithin(recipe).map(({ path }) => path)
    expect(looked).not.toEqual([])
    const isKnown = (path: DataPath): boolean =>
      path[0] === 'item' ||
      known.some((read) => read.every((part, index) => String(part) === String(path[index])))
    expect(looked.filter((path) => !isKnown(path))).toEqual([])
  })
})
