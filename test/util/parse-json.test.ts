import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, readJson, writeJson } from '../../src/util/parse-json.ts'
import { rounded } from '../../src/util/rounded.ts'

test.each<[string, unknown]>([
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', 9007199254740993n],
  ['-9007199254740993', -9007199254740993n],
  ['{"id":12345678901234567890}', { id: 12345678901234567890n }],
  ['[[1,9007199254740993,"9007199254740993"]]', [[1, 9007199254740993n, '9007199254740993']]],
  ['{"9007199254740993":"\\"9007199254740993,\\\\"}', { '9007199254740993': '"9007199254740993,\\' }],
  ['{"a":9007199254740993.5,"b":1e20,"c":"1e400"}', { a: 9007199254740994, b: 1e20, c: '1e400' }],
  ['{"a":1e400,"b":-1.5E+999}', { a: '1e400', b: '-1.5E+999' }],
  ['"9007199254740993"', '9007199254740993'],
])('%s is read with its digits', (text, value) => {
  expect(readJson(text)).toEqual(value)
})

test.each(['', '{"a":9007199254740993', '09007199254740993', '{9007199254740993:1}'])(
  '%s is no JSON',
  (text) => {
    expect(() => readJson(text)).toThrow(SyntaxError)
    expect(parseJson(text)).toBeUndefined()
  },
)

const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.bigInt().filter((value) => !Number.isSafeInteger(Number(value))),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

test('what is written is read again, and rounded it is what JSON.parse has', () => {
  fc.assert(
    fc.property(values, fc.constantFrom(undefined, 2), (value, indent) => {
      const text = writeJson(value, indent) ?? ''
      expect(readJson(text)).toEqual(value)
      expect(rounded(value)).toEqual(JSON.parse(text))
    }),
  )
})

test('what has no such integer is written as JSON.stringify writes it, and is not copied', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(writeJson(value)).toBe(JSON.stringify(value))
      expect(rounded(value)).toBe(value)
    }),
  )
})
