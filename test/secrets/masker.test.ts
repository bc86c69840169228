import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RunEvent } from '../../src/model/event.ts'
import { maskEvent } from '../../src/secrets/event-rules.ts'
import { createMasker } from '../../src/secrets/masker.ts'
import { expectLinear } from '../growth.ts'
import { formsOfSecret } from '../run/secret-forms.ts'

const secret = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 4, maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...'\'"\\$`!%\n\t\r {}&=+/?#äé😀ab1'), minLength: 4, maxLength: 40 }),
  )
  // Lone surrogates are no text; a secret of blanks hides nothing worth hiding.
  .filter((text) => !/\p{Surrogate}/u.test(text) && text.trim().length >= 4)

function hidden(text: string, secrets: readonly string[]): string {
  const masker = createMasker()
  for (const one of secrets) masker.learn(one)
  return masker.mask(text)
}

describe('whatever the secret is', () => {
  test('none of its spellings is left in a text', () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (password, before, after) => {
        for (const form of formsOfSecret(password)) {
          const text = hidden(`${before}<${form}>${after}`, [password])
          expect(text).not.toContain(`<${form}>`)
          expect(text).toContain('<***>')
        }
      }),
      { numRuns: 100 },
    )
  })

  test('a text that holds it many times holds it no more', () => {
    fc.assert(
      fc.property(secret, fc.nat(5), (password, times) => {
        const text = hidden(`${password} `.repeat(times), [password])
        expect(text.split('***')).toHaveLength(times + 1)
      }),
    )
  })

  test('one that is part of another does not save the rest of the other', () => {
    fc.assert(
      fc.property(secret, secret, (one, other) => {
        expect(hidden(`<${one}${other}>`, [one, `${one}${other}`])).toBe('<***>')
      }),
    )
  })

  test('it is in no string of an event, however deep, nor in a key', () => {
    fc.assert(
      fc.property(secret, fc.jsonValue(), (password, rest) => {
        const masker = createMasker()
        masker.learn(password)
        const value = { [password]: [password, { deep: `a ${password} b`, rest: rest as never }] }
        const event: RunEvent = { type: 'context', step: 'a', name: 'b', value: value as never }
        const text = JSON.stringify(maskEvent(event, 'r', masker.mask))
        const plain = JSON.stringify(
          maskEvent({ ...event, name: '', value: [rest as never] }, 'r', masker.mask),
        )
        // What the rest says by chance is not the secret's doing.
        if (!plain.includes(JSON.stringify(password).slice(1, -1)))
          expect(text).not.toContain(JSON.stringify(password).slice(1, -1))
      }),
    )
  })
})

test('an event that was masked cannot be changed', () => {
  const masked = maskEvent(
    { type: 'context', step: 'a', name: 'b', value: { c: ['d'] } },
    'r',
    createMasker().mask,
  )
  expect(Object.isFrozen(masked)).toBe(true)
  expect(() => Object.assign(masked, { name: 'x' })).toThrow(TypeError)
})

test('a text without secrets stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(hidden(text, ['hunter2-hunter2'])).toBe(text)
    }),
  )
})

test('an empty secret hides nothing', () => {
  expect(hidden('plain text', [''])).toBe('plain text')
})

test('data whose keys are those of events hides its secrets all the same', () => {
  const masker = createMasker()
  masker.learn('hunter2-hunter2')
  const value = { code: 'hunter2-hunter2', status: ['hunter2-hunter2'], time: { step: 'hunter2-hunter2' } }
  const masked = maskEvent({ type: 'context', step: 'a', name: 'b', value }, 'r', masker.mask)
  expect(masked).toMatchObject({ value: { code: '***', status: ['***'], time: { step: '***' } } })
})

test('a secret of 64 kB, beside short ones, is hidden in every spelling', () => {
  const masker = createMasker()
  const long = 'p"'.repeat(1 << 15)
  masker.learn(long)
  masker.learn('a short one')
  const masked = masker.mask(
    `1 ${long} 2 ${encodeURIComponent(long)} 3 ${JSON.stringify(long)} 4 a short one`,
  )
  expect(masked).toBe('1 *** 2 *** 3 "***" 4 ***')
})

test.each(['~@3', 'x', 'a"b', '12'])(
  'a field that is secret by its name hides "%s", however short it is',
  (short) => {
    const { mask } = createMasker()
    const json = JSON.stringify({ server: { adminPass: short, name: 'kept' } })
    expect(mask(json)).toBe('{"server":{"adminPass":"***","name":"kept"}}')
    expect(mask(`it said ${json} and more`)).toContain('"adminPass":"***"')
    expect(mask(JSON.stringify({ password: short }, undefined, 2))).toBe('{\n  "password": "***"\n}')
    const event: RunEvent = {
      type: 'context',
      step: 'a',
      name: 'b',
      value: { passcode: short, other: 'kept' },
    }
    expect(maskEvent(event, 'r', createMasker().mask)).toMatchObject({
      value: { passcode: '***', other: 'kept' },
    })
  },
)

test('a template in such a field is no secret, and neither is nothing', () => {
  const text = '{"password":"${env.OS_PASSWORD}","secret":""}'
  expect(createMasker().mask(text)).toBe(text)
})

test('a body with two million quotes and backslashes is looked through in one pass', () =>
  expectLinear((size) => {
    createMasker().mask(`{"password":"${'\\"'.repeat(5 * size)}`)
    createMasker().mask('"password":"\\'.repeat(size))
  }, 5e4))

test('ten thousand secrets of one answer are learned and hidden in one pass, in each of very many texts', () =>
  expectLinear((length) => {
    const masker = createMasker()
    const secrets = Array.from({ length }, (_, index) => `generated-${index.toString(36).padStart(6, 'x')}`)
    for (const one of secrets) masker.learn(one)
    expect(masker.mask(JSON.stringify(secrets))).toBe(JSON.stringify(secrets.map(() => '***')))
    expect(secrets.map(masker.mask)).toEqual(secrets.map(() => '***'))
  }, 2500))

test('of secrets that begin alike the longest is hidden', () => {
  expect(hidden('<pass> <password> <passwords!>', ['pass', 'password', 'passwords'])).toBe(
    '<***> <***> <***!>',
  )
})

describe('a text that was masked before', () => {
  test.each(['say s3cret-word', 'say "s3cret-word"', 'say s3cret%2Dword', 'say czNjcmV0LXdvcmQ='])(
    '%s has the secret hidden once it is known',
    (text) => {
      const masker = createMasker()
      expect(masker.mask(text)).toBe(text)
      masker.learn('s3cret-word')
      expect(masker.mask(text)).toContain('***')
      expect(masker.mask(text)).not.toMatch(/s3cret|czNjcmV0/)
    },
  )
})
