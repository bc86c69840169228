import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OsrunError } from '../../src/library/index.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { cloudOf, loadRecipe, type Sandbox, startSandbox } from './on-sandbox.ts'
import { record, replay } from './recorded.ts'

let sandbox: Sandbox
let recipe: Recipe
let lines: readonly string[]
beforeAll(async () => {
  sandbox = await startSandbox()
  recipe = await loadRecipe('recipes/object-metadata.yaml')
  lines = (await record([recipe], await cloudOf(sandbox.environment))).text.trimEnd().split('\n')
})
afterAll(() => sandbox.close())

/** The line with another value at the place that the numbers choose, one for each level. */
function damaged(value: unknown, way: readonly number[], other: unknown): unknown {
  const [step, ...rest] = way
  if (step === undefined || typeof value !== 'object' || value === null) return other
  const entries = Object.entries(value)
  if (entries.length === 0) return other
  const at = step % entries.length
  const changed = entries.map(
    ([key, child], index) => [key, index === at ? damaged(child, rest, other) : child] as const,
  )
  return Array.isArray(value) ? changed.map(([, child]) => child) : Object.fromEntries(changed)
}

test('a recording with any damage is refused or replayed, and never a fault of osrun', async () => {
  const way = fc.array(fc.nat(40), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.nat(), way, fc.jsonValue({ maxDepth: 2 }), async (number, steps, other) => {
      const at = number % lines.length
      const text = lines.map((line, index) =>
        index === at ? JSON.stringify(damaged(JSON.parse(line), steps, other)) : line,
      )
      try {
        const { result } = await replay([recipe], `${text.join('\n')}\n`)
        for (const { problem, leftovers } of result.results)
          for (const one of [problem, ...leftovers]) expect(one?.code).not.toBe('INTERNAL')
      } catch (error) {
        expect(error).toBeInstanceOf(OsrunError)
        expect((error as OsrunError).code).not.toBe('INTERNAL')
      }
    }),
    { numRuns: 100 },
  )
}, 120_000)
