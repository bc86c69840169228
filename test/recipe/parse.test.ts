import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { OsrunError } from '../../src/model/problem.ts'
import { parseInputsFile, resolveInputs } from '../../src/recipe/choose/resolve-inputs.ts'
import { parseRecipe } from '../../src/recipe/parse.ts'
import { recipeSchema } from '../../src/recipe/schema/recipe-schema.ts'
import { verbs } from '../../src/steps/index.ts'
import { shippedRecipes } from '../shipped-recipes.ts'

const parse = (text: string) => parseRecipe(text, { file: 'a.yaml', directory: '/', verbs })
const shipped = shippedRecipes
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(recipeSchema(verbs))

describe.each(shipped)('recipes/%s', (name) => {
  const text = readFileSync(`recipes/${name}`, 'utf8')
  test('starts with the line that editors read', () => {
    const up = '../'.repeat(name.split('/').length)
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=${up}recipe.schema.json`)
  })
  test('is valid against the published schema', () => {
    validate(parseYaml(text))
    expect(validate.errors ?? []).toEqual([])
  })
  test('has a name, a description and tags', () => {
    const { name: title, description, tags } = parseYaml(text) as Record<string, unknown>
    expect([typeof title, typeof description, Array.isArray(tags)]).toEqual(['string', 'string', true])
  })
})

test('the published schema refuses what osrun refuses for its form', () => {
  expect(validate({ osrun: 1, steps: [{ authentciate: null }] })).toBe(false)
})

describe('names that look like numbers stay text', () => {
  test.each(['0123', '2.90', '1e3', '0x1f', '1_000'])('%s', (source) => {
    const recipe = parse(`osrun: 1\nname: n\ninputs:\n  version: ${source}\nsteps:\n  - authenticate:\n`)
    const { version } = resolveInputs(recipe, { flags: {}, file: {}, environment: {} })
    expect(String(version)).toBe(source)
  })
  test.each(['yes', 'no', 'on', 'off', '12:30'])('%s', (source) => {
    const recipe = parse(`osrun: 1\nname: ${source}\nsteps:\n  - authenticate:\n`)
    expect(recipe.name).toBe(source)
  })
})

describe('whatever stands in a file, nothing but our own error escapes', () => {
  const guard = (action: () => unknown): void => {
    try {
      action()
    } catch (error) {
      expect(error).toBeInstanceOf(OsrunError)
      for (const { at } of (error as OsrunError).problems) expect(at?.line ?? 1).toBeGreaterThanOrEqual(1)
    }
  }
  test('any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => guard(() => parse(text))),
      { numRuns: 500 },
    )
  })
  test('any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        guard(() => parse(JSON.stringify(value)))
        guard(() => parseInputsFile(JSON.stringify(value), 'inputs.yaml'))
        guard(() => parse(JSON.stringify({ osrun: 1, steps: [value] })))
        guard(() => parse(JSON.stringify({ osrun: 1, inputs: value, steps: [{ authenticate: value }] })))
        guard(() =>
          parse(
            JSON.stringify({ osrun: 1, steps: [{ request: value }, { assert: value }, { revoke: value }] }),
          ),
        )
      }),
      { numRuns: 500 },
    )
  })
  test('a shipped recipe with a piece cut out, doubled or replaced', () => {
    const texts = shipped.map((name) => readFileSync(`recipes/${name}`, 'utf8'))
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(40),
        fc.constantFrom(
          '',
          '"',
          '${',
          '}',
          ':',
          '- ',
          '\t',
          '{',
          '[',
          '&a ',
          '*a',
          '!!',
          '\u0000',
          '|',
          '\r',
        ),
        (text, where, length, piece) => {
          const from = Math.floor(where * text.length)
          guard(() => parse(`${text.slice(0, from)}${piece}${text.slice(from + length)}`))
        },
      ),
      { numRuns: 1000 },
    )
  })
})
