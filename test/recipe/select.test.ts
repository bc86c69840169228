import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Recipe } from '../../src/model/recipe.ts'
import { selectRecipes } from '../../src/recipe/choose/select.ts'

const recipe = (name: string, ...tags: string[]): Recipe => ({
  name,
  file: `recipes/${name}.yaml`,
  directory: '/',
  description: undefined,
  tags,
  locks: [],
  inputs: [],
  matrix: {},
  outputs: [],
  gives: [],
  reads: [],
  steps: [],
})
const recipes = [
  recipe('one', 'identity'),
  recipe('two', 'identity', 'read-only'),
  recipe('Three', 'object-store'),
]
const names = (selection: Parameters<typeof selectRecipes>[1]): readonly string[] =>
  selectRecipes(recipes, selection).map(({ name }) => name)

test.each([
  [{ tags: [] }, ['one', 'two', 'Three']],
  [{ tags: ['identity'] }, ['one', 'two']],
  [{ tags: ['read-only', 'object-store'] }, ['two', 'Three']],
  [{ tags: ['!read-only'] }, ['one', 'Three']],
  [{ tags: ['identity', '!read-only'] }, ['one']],
  [{ tags: [], grep: 'THREE' }, ['Three']],
  [{ tags: [], grep: 'recipes/t' }, ['two', 'Three']],
  [{ tags: ['nothing'] }, []],
])('%j chooses %j', (selection, expected) => {
  expect(names(selection)).toEqual(expected)
})

test('shards hold every recipe once, and differ by at most one in size', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.integer({ min: 1, max: 12 }), (count, of) => {
      const many = Array.from({ length: count }, (_none, index) => recipe(`r${index}`))
      const shards = Array.from({ length: of }, (_none, index) =>
        selectRecipes(many, { tags: [], shard: { index: index + 1, of } }),
      )
      expect(new Set(shards.flat()).size).toBe(count)
      const sizes = shards.map((shard) => shard.length)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }),
  )
})
