import { describe, expect, test } from 'vitest'
import { type GivenInputs, parseInputsFile, resolveInputs } from '../../src/recipe/choose/resolve-inputs.ts'
import { parseRecipe } from '../../src/recipe/parse.ts'
import { verbs } from '../../src/steps/index.ts'

const recipe = (inputs: string) =>
  parseRecipe(`osrun: 1\ninputs:\n${inputs}\nsteps:\n  - authenticate:\n`, {
    file: 'recipe.yaml',
    directory: '/',
    verbs,
  })
const resolved = (inputs: string, given: GivenInputs = {}) => resolveInputs(recipe(inputs), given)
const code = (wanted: string) => expect.objectContaining({ code: wanted })

test('a value comes from the flags, then the file, then the environment, then the recipe', () => {
  const [values, flags, file, environment] = [{ a: 'v' }, { a: 'f' }, { a: 'file' }, { a: 'e' }]
  expect(resolved('  a: d', { values, flags, file, environment })).toEqual({ a: 'v' })
  expect(resolved('  a: d', { flags, file, environment })).toEqual({ a: 'f' })
  expect(resolved('  a: d', { file, environment })).toEqual({ a: 'file' })
  expect(resolved('  a: d', { environment })).toEqual({ a: 'e' })
  expect(resolved('  a: d')).toEqual({ a: 'd' })
})

test.each([
  ['  a: text', 'text'],
  ['  a: 3', 3],
  ['  a: true', true],
  ['  a: 0123', '0123'],
  ['  a: 2.90', '2.90'],
  ['  a: { type: string, default: 2.90 }', '2.90'],
  ['  a: { type: number, default: 2.90 }', 2.9],
  ['  a: { default: null }', null],
  ['  a: { type: array, default: [1, "2"] }', [1, '2']],
])('the default in %j is %j', (inputs, value) => expect(resolved(inputs)).toEqual({ a: value }))

test.each([
  ['integer', '7', 7],
  ['number', '-1.5e3', -1500],
  ['boolean', 'false', false],
  ['array', '[1, "a"]', [1, 'a']],
  ['object', '{"a": 1}', { a: 1 }],
  ['string', '007', '007'],
  ['[string, integer]', '7', '7'],
])('the text of a flag for %s, %s, is %j', (type, text, value) => {
  expect(resolved(`  a: { type: ${type} }`, { flags: { a: text } })).toEqual({ a: value })
  expect(resolved(`  a: { type: ${type} }`, { environment: { a: text } })).toEqual({ a: value })
})

test.each([
  ['{ type: integer }', '1.5'],
  ['{ type: integer }', '0x10'],
  ['{ type: boolean }', 'yes'],
  ['{ type: array }', '[1'],
  ['{ enum: [a, b] }', 'c'],
  ['{ type: string, pattern: "^a" }', 'b'],
  ['{ type: integer, minimum: 2 }', '1'],
])('%s refuses %s', (schema, text) => {
  expect(() => resolved(`  a: ${schema}`, { flags: { a: text } })).toThrow(code('INPUT_INVALID'))
})

test('types are exact where there is a type: the text "7" is no number', () => {
  expect(() => resolved('  a: { type: integer }', { values: { a: '7' } })).toThrow(code('INPUT_INVALID'))
  expect(() => resolved('  a: { type: string }', { values: { a: 7 } })).toThrow(code('INPUT_INVALID'))
  expect(resolved('  a: { type: string }', { file: { a: 7 } })).toEqual({ a: '7' })
})

test('a required input must be given, and the hint says how', () => {
  for (const inputs of ['  a:', '  a: { type: string }', '  a: { description: d }'])
    expect(() => resolved(inputs)).toThrow(
      expect.objectContaining({ code: 'INPUT_MISSING', hint: expect.stringContaining('--input a=') }),
    )
})

test('an input that the recipe has not is refused with the nearest name, but not one of the environment', () => {
  expect(() => resolved('  container: a', { flags: { contaner: 'b' } })).toThrow(
    expect.objectContaining({ code: 'INPUT_UNKNOWN', hint: expect.stringContaining('container') }),
  )
  expect(resolved('  container: a', { environment: { contaner: 'b' } })).toEqual({ container: 'a' })
})

test('a secret is not shown in the message that refuses it', () => {
  expect(() =>
    resolved('  a: { type: string, writeOnly: true, pattern: "^x" }', { flags: { a: 'hunter2' } }),
  ).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }))
})

describe('an inputs file', () => {
  test('is a mapping in YAML or JSON, or empty', () => {
    expect(parseInputsFile('a: 1\nb: [x]\n', 'f')).toEqual({ a: 1, b: ['x'] })
    expect(parseInputsFile('{"a": "b"}', 'f')).toEqual({ a: 'b' })
    expect(parseInputsFile('', 'f')).toEqual({})
  })

  test.each([['- a\n'], ['text'], ['a: [1\n'], ['a: 1\na: 2\n']])(
    '%j is refused without its text',
    (text) => {
      const refused = expect(() => parseInputsFile(text, 'f'))
      refused.toThrow(code('INPUT_INVALID'))
      refused.toThrow(
        expect.objectContaining({ at: expect.not.objectContaining({ source: expect.anything() }) }),
      )
    },
  )
})
