import { expect, test } from 'vitest'
import { OsrunError } from '../../src/model/problem.ts'
import { partOf, type RecipePart } from '../../src/recipe/choose/part.ts'
import { recipeOf } from '../run/on-sandbox.ts'

const text = `osrun: 1
inputs: { container: photos }
steps:
  - id: login
    authenticate:
  - id: store
    pick-endpoint: object-store
  - id: list
    request: GET /\${container}
    capture: { count: status }
  - id: use
    request: GET /\${container}/\${count}
  - id: judge
    assert: { status: 200 }
outputs: { count: "\${count}" }
`

async function part(range: string, flags: Readonly<Record<string, string>> = {}): Promise<RecipePart> {
  return partOf(await recipeOf(text), range, { flags })
}

function faultOf(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (error: unknown) => (error instanceof OsrunError ? [error.code, error.at?.line, error.hint] : error),
  )
}

test.each([
  ['list', ['login', 'store', 'list'], ['login', 'store']],
  ['list..use', ['login', 'store', 'list', 'use'], ['login', 'store']],
  ['store..', ['login', 'store', 'list', 'use', 'judge'], ['login']],
  ['..store', ['login', 'store'], []],
])('%s is these steps and what they need', async (range, ids, prepared) => {
  const { recipe, prepared: told } = await part(range)
  expect(recipe.steps.map(({ id }) => id)).toEqual(ids)
  expect(told).toEqual(prepared)
})

test('a capture of a step that is left out is an error at its reader, unless it is given', async () => {
  expect(await faultOf(part('use'))).toEqual([
    'INPUT_MISSING',
    12,
    expect.stringContaining('--input count=VALUE'),
  ])
  const { recipe } = await part('use', { count: '5' })
  expect(recipe.inputs.map(({ name }) => name)).toEqual(['container', 'count'])
  expect(recipe.outputs).toHaveLength(1)
})

test('an answer cannot be given, so its step has to be chosen', async () => {
  expect(await faultOf(part('judge'))).toEqual(['INPUT_MISSING', 14, 'Begin earlier: --step use..judge'])
})

test('an output that nothing sets any more is left out', async () => {
  expect((await part('..store')).recipe.outputs).toEqual([])
})

test.each([
  ['lost', expect.stringContaining('Did you mean list?')],
  ['use..list', 'Write --step list..use.'],
  ['..', undefined],
])('%s is refused', async (range, hint) => {
  expect(await faultOf(part(range))).toEqual(['USAGE_INVALID', undefined, hint])
})
