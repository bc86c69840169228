import { expect, test } from 'vitest'
import { OsrunError } from '../../src/model/problem.ts'
import { parseRecipe } from '../../src/recipe/parse.ts'
import { verbs } from '../../src/steps/index.ts'
import { valueAt } from '../../src/util/data-path.ts'
import { nowhere } from '../nowhere.ts'

const head = `osrun: 1
name: Merged
x-one: &one { a: 1, b: 2 }
x-two: &two { b: 3, c: 4 }
x-both: &both { <<: *one, d: 5 }
steps:
`
const parse = (steps: string) =>
  parseRecipe(`${head}${steps}`, { file: 'recipe.yaml', directory: nowhere, verbs })
const body = (json: string) =>
  valueAt(parse(`  - request: { url: POST http://h/, json: ${json} }\n`).steps[0]?.input, ['json'])

test.each<[string, unknown]>([
  ['{ <<: *one, c: 3 }', { a: 1, b: 2, c: 3 }],
  ['{ b: 9, <<: *one }', { a: 1, b: 9 }],
  ['{ <<: [*one, *two] }', { a: 1, b: 2, c: 4 }],
  ['{ <<: *both }', { a: 1, b: 2, d: 5 }],
  ['{ <<: { a: 1 }, b: 2 }', { a: 1, b: 2 }],
  ['{ inner: { <<: *one } }', { inner: { a: 1, b: 2 } }],
  ['{ "<<": 1 }', { '<<': 1 }],
])('%s has the keys of what it merges', (json, value) => {
  expect(body(json)).toEqual(value)
})

const problemsOf = (steps: string) => {
  try {
    parse(steps)
    return []
  } catch (error) {
    return error instanceof OsrunError ? error.problems : []
  }
}

test.each([
  ['{ <<: 1 }', 'A merge key `<<` takes a mapping, or a list of mappings.'],
  ['{ <<: [*one, 1] }', 'A merge key `<<` takes a mapping, or a list of mappings.'],
  ['&me { <<: *me }', '"*me" contains itself.'],
])('%s is refused at its place', (json, message) => {
  const [problem] = problemsOf(`  - request: { url: POST http://h/, json: ${json} }\n`)
  expect(problem).toMatchObject({ code: 'RECIPE_SYNTAX', message, at: { line: 7 } })
})

test('a fault in what is merged is told at its own place', () => {
  const [problem] = problemsOf('  - <<: { expct: 200 }\n    request: GET http://h/\n')
  expect(problem).toMatchObject({ code: 'RECIPE_INVALID', at: { line: 7, column: 11 } })
})

test('mappings that merge each other many times take no time', () => {
  const levels = Array.from(
    { length: 40 },
    (_, n) => `x-l${n + 1}: &l${n + 1} { <<: [*l${n}, *l${n}], k${n}: 1 }`,
  )
  const text = `osrun: 1\nname: n\nx-l0: &l0 { k: 1 }\n${levels.join('\n')}\nsteps: []\n`
  const started = performance.now()
  expect(() => parseRecipe(text, { file: 'recipe.yaml', directory: nowhere, verbs })).toThrow()
  expect(performance.now() - started).toBeLessThan(2000)
})
