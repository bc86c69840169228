import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OsrunError } from '../../src/model/problem.ts'
import type { Json } from '../../src/model/recipe.ts'
import {
  ownText,
  percentEncode,
  renderJson,
  renderTemplate,
} from '../../src/recipe/template/render-template.ts'
import { parseTemplate } from '../../src/recipe/template/template.ts'
import { valueAt } from '../../src/util/data-path.ts'

const values = {
  name: 'a b/c',
  limit: 10,
  ratio: 0.5,
  flag: false,
  none: null,
  list: [1, { x: 'y' }],
  token: { id: 'abc', project: { name: 'workshop' }, [ownText]: 'abc' },
}
const lookup = (path: readonly (string | number)[]): unknown => valueAt(values, path)
const at = { file: 'a.yaml', line: 1, column: 1 }
const text = (template: string): unknown => renderTemplate(parseTemplate(template), lookup, 'value', at)

describe('a template', () => {
  test.each<[string, unknown]>([
    ['plain', 'plain'],
    ['${name}', 'a b/c'],
    ['${limit}', 10],
    ['${flag}', false],
    ['${limit} things', '10 things'],
    ['${ratio}${flag}', '0.5false'],
    ['${list[1].x}', 'y'],
    ["${list[1]['x']}", 'y'],
    ['${list}!', '[1,{"x":"y"}]!'],
    ['${token} of ${token.project.name}', 'abc of workshop'],
    ['${missing:-else}', 'else'],
    ['${missing:-}', ''],
    ['${missing:-${name}}', 'a b/c'],
    ['$${name}', '${name}'],
    ['$name $ $$', '$name $ $$'],
    ['${limit:-7}', 10],
  ])('%s', (template, wanted) => {
    expect(text(template)).toEqual(wanted)
  })

  test.each([
    ['${missing}', 'VALUE_MISSING'],
    ['${missing:?say it}', 'VALUE_MISSING'],
    ['${constructor}', 'VALUE_MISSING'],
    ['${token.__proto__}', 'VALUE_MISSING'],
    ['${', 'TEMPLATE_INVALID'],
    ['${}', 'TEMPLATE_INVALID'],
    ['${a b}', 'TEMPLATE_INVALID'],
    ['${a|upper}', 'TEMPLATE_INVALID'],
  ])('%s is refused with %s', (template, code) => {
    expect(() => text(template)).toThrow(expect.objectContaining({ code }))
  })

  test('percent-encodes values in the path of a URL and leaves the rest', () => {
    const url = (template: string): unknown => renderTemplate(parseTemplate(template), lookup, 'url', at)
    expect(url('https://host/${name}/x?y=${name}')).toBe('https://host/a%20b/c/x?y=a%20b%2Fc')
  })
})

describe('whatever stands in a file', () => {
  test('nothing but our own error escapes', () => {
    const piece = fc.constantFrom(
      '${',
      '}',
      '$',
      ':-',
      ':?',
      '[',
      ']',
      '"',
      "'",
      '.',
      'name',
      '0',
      '\\',
      '\n',
      'ä',
      ' ',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (source) => {
          try {
            text(source)
          } catch (error) {
            expect(error).toBeInstanceOf(OsrunError)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('a text without ${ is itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (source) => {
        if (!source.includes('${')) expect(text(source)).toBe(source)
      }),
    )
  })

  test('a value is put in as it is, and is not read as a template again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const rendered = renderTemplate(
          parseTemplate('${x}'),
          (path) => valueAt({ x: value }, path),
          'value',
          at,
        )
        expect(rendered).toEqual(value)
      }),
    )
    expect(renderTemplate(parseTemplate('<${x}>'), () => '${y}', 'text', at)).toBe('<${y}>')
  })

  test('JSON without templates is rendered as itself', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        if (!JSON.stringify(value).includes('${'))
          expect(renderJson(value as Json, lookup, () => at)).toEqual(value)
      }),
    )
  })

  test('percent-encoding can be undone, and a slash is kept when asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (source) => {
        expect(decodeURIComponent(percentEncode(source, false))).toBe(source)
        expect(percentEncode(source, false)).toMatch(/^[A-Za-z0-9%_.~-]*$/)
        expect(percentEncode(source, true).split('/')).toEqual(
          source.split('/').map((part) => percentEncode(part, false)),
        )
      }),
    )
  })
})
