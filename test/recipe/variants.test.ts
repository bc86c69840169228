import { expect, test } from 'vitest'
import { resolveInputs } from '../../src/recipe/choose/resolve-inputs.ts'
import { selectRecipes } from '../../src/recipe/choose/select.ts'
import { variantsOf } from '../../src/recipe/choose/variants.ts'
import { recipeOf } from '../run/on-sandbox.ts'

const head = 'osrun: 1\nname: r\ninputs:\n  region:\n  limit: { type: integer, default: 7 }\n  other: x\n'
const steps = 'steps:\n  - authenticate:\n'
const recipe = recipeOf(`${head}matrix:\n  region: [GRA, 0123]\n  limit: [1, 2]\n${steps}`)

test('each combination is a recipe of its own, named by its values, which have the types of their inputs', async () => {
  const variants = variantsOf(await recipe)
  expect(variants.map(({ name }) => name)).toEqual([
    'r [region=GRA, limit=1]',
    'r [region=GRA, limit=2]',
    'r [region=0123, limit=1]',
    'r [region=0123, limit=2]',
  ])
  expect(variants.map((one) => resolveInputs(one, {})).at(-1)).toEqual({
    region: '0123',
    limit: 2,
    other: 'x',
  })
  expect(variants.flatMap((one) => variantsOf(one))).toEqual(variants)
})

test('a recipe without a matrix is the only one', async () => {
  const plain = await recipeOf(`${head}${steps}`)
  expect(variantsOf(plain)).toEqual([plain])
})

test.each([
  ['a flag', { flags: { limit: '2', other: 'y' } }, 2],
  ['a file', { file: { region: 'GRA', limit: 1 } }, 1],
  ['the environment', { environment: { region: 'GRA', PATH: '/bin' } }, 2],
])('%s narrows it', async (_where, given, left) => {
  const variants = variantsOf(await recipe, given)
  expect(variants).toHaveLength(left)
  for (const one of variants) expect(resolveInputs(one, given)).toBeDefined()
})

test('a value that the matrix does not have is an error, with the nearest', async () => {
  const loaded = await recipe
  expect(() => variantsOf(loaded, { flags: { region: 'GRB' } })).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID', hint: 'Did you mean GRA? It has: GRA, 0123.' }),
  )
})

test('shards share the combinations out, and text chooses among them', async () => {
  const variants = variantsOf(await recipe)
  const parts = [1, 2, 3].map((index) => selectRecipes(variants, { tags: [], shard: { index, of: 3 } }))
  expect(parts.map((part) => part.length)).toEqual([2, 1, 1])
  expect(new Set(parts.flat())).toEqual(new Set(variants))
  expect(selectRecipes(variants, { tags: [], grep: 'region=gra' })).toHaveLength(2)
})
