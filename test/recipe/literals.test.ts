import { expect, test } from 'vitest'
import { OsrunError } from '../../src/model/problem.ts'
import { parseRecipe } from '../../src/recipe/parse.ts'
import { verbs } from '../../src/steps/index.ts'
import { valueAt } from '../../src/util/data-path.ts'
import { nowhere } from '../nowhere.ts'

const bodyOf = (literal: string): unknown => {
  const text = `osrun: 1\nname: n\nsteps:\n  - request: { url: POST http://h/, json: { v: ${literal} } }\n`
  const [step] = parseRecipe(text, { file: 'recipe.yaml', directory: nowhere, verbs }).steps
  return valueAt(step?.input, ['json', 'v'])
}

test.each<[string, unknown]>([
  ['12', 12],
  ['-12', -12],
  ['0', 0],
  ['2.90', 2.9],
  ['1.5e3', 1500],
  ['1e-7', 1e-7],
  ['0123', '0123'],
  ['-012', '-012'],
  ['0e46123', '0e46123'],
  ['12e3', '12e3'],
  ['12E003', '12E003'],
  ['0x1f', '0x1f'],
  ['0o17', '0o17'],
  ['1_000', '1_000'],
  ['+1', '+1'],
  ['.5', '.5'],
  ['!!int 0x1f', 31],
  ['"12"', '12'],
])('%s is what its text says', (literal, value) => {
  expect(bodyOf(literal)).toBe(value)
})

test.each(['12e3456', '1e400', '9007199254740993', '.inf', '.nan'])('%s is refused', (literal) => {
  expect(() => bodyOf(literal)).toThrow(expect.objectContaining({ code: 'RECIPE_SYNTAX' }))
})

test.each([
  ['  - request: { url: GET ${endpoint}/servers }\n', 25],
  ['  - request: { url: GET http://h/, query: { a: ${x}, b: c } }\n', 48],
  ['  - request: { url: GET http://h/, query: { a: [GET ${x.y:-z}/a?b=c, 2] } }\n  - pause: 1s\n', 53],
])('a template without quotes between braces is told once: %s', (steps, column) => {
  const text = `osrun: 1\nname: n\nsteps:\n${steps}`
  const problems = (): readonly unknown[] => {
    try {
      parseRecipe(text, { file: 'recipe.yaml', directory: nowhere, verbs })
      return []
    } catch (error) {
      return error instanceof OsrunError ? error.problems : [error]
    }
  }
  expect(problems()).toMatchObject([
    {
      code: 'RECIPE_SYNTAX',
      message: expect.stringMatching(
        /^Between braces or brackets, a text with \$\{[^}]+\} is to be in quotes\.$/,
      ),
      at: { line: 4, column },
    },
  ])
})
