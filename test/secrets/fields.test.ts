import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExchangeRecord, RunEvent } from '../../src/model/event.ts'
import type { HttpResponse } from '../../src/model/exchange.ts'
import { phrase } from '../../src/model/phrase.ts'
import { OsrunError, toProblem } from '../../src/model/problem.ts'
import { toExchangeRecord } from '../../src/run/send/exchange-record.ts'
import { maskEvent } from '../../src/secrets/event-rules.ts'
import { createMasker } from '../../src/secrets/masker.ts'
import { maskProblem } from '../../src/secrets/problem-rules.ts'
import { expectLinear } from '../growth.ts'
import { spellings } from '../run/secret-forms.ts'

const canary = 'canary-7f3a9c'
const deep = (depth: number, inner: unknown): unknown => (depth === 0 ? inner : { a: deep(depth - 1, inner) })

function answer(text: string, type?: string): HttpResponse {
  const body = new TextEncoder().encode(text)
  const headers = type === undefined ? [] : [['Content-Type', type] as const]
  return { status: 200, headers, body, size: body.length, md5: '', sha256: '', duration: 1 }
}

describe.each([
  ['a list', JSON.stringify({ secret: [canary, `${canary}-2`], name: 'kept' })],
  ['a list of mappings', JSON.stringify({ passwords: [{ password: canary, name: 'kept' }] })],
  ['a depth of 25', JSON.stringify(deep(25, { auth_password: canary, name: 'kept' }))],
  ['lines of JSON', `{"name":"kept","psk":"${canary}"}\n{"psk":"${canary}-2"}\n`],
  ['JSON within JSON', JSON.stringify({ blob: JSON.stringify({ access: 'kept', secret: canary }) })],
  [
    'JSON within that',
    JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ password: canary, c: 'kept' }) }) }),
  ],
  ['a form', `name=kept&client_secret=${canary}&b=1`],
  ['a URL', JSON.stringify({ url: `http://h.test/vnc?path=%3Ftoken%3D${canary}`, name: 'kept' })],
  ['a signed URL', `https://h.test/kept?temp_url_sig=${canary}&temp_url_expires=1`],
  ['a token with an id', JSON.stringify({ token: { id: canary }, name: 'kept' })],
  ['JSON that was cut', `{"name":"kept","access_key":"${canary}`],
])('a secret by its name in %s', (_place, text) => {
  test('is hidden, and what is none stays', () => {
    const masked = createMasker().mask(text)
    expect(masked).not.toContain(canary)
    expect(masked).toContain('kept')
  })

  test.each(['application/json', 'text/plain', 'application/x-ndjson', undefined])(
    'is learned from an answer of type %s',
    (type) => {
      const masker = createMasker()
      masker.learnFromExchange({ method: 'GET', url: 'http://h.test/', headers: [] }, answer(text, type))
      expect(masker.mask(`it said ${canary}!`)).toBe('it said ***!')
    },
  )
})

test('a number that is secret is hidden, the JSON stays JSON, and the number is known elsewhere', () => {
  const text = '{"secret": 918273645546, "psk":[1, 2], "max_tokens": 4096, "token": 7, "size": 4711}'
  const masker = createMasker()
  expect(JSON.parse(masker.mask(text))).toEqual({
    secret: '***',
    psk: ['***', '***'],
    max_tokens: 4096,
    token: 7,
    size: 4711,
  })
  masker.learnFromExchange({ method: 'GET', url: 'http://h.test/', headers: [] }, answer(text))
  expect(masker.mask('918273645546 and 4711')).toBe('*** and 4711')
  const event: RunEvent = { type: 'output', name: 'a', value: { secret: 918273645546, pins: [1], size: 3 } }
  expect(maskEvent(event, 'r', masker.mask)).toMatchObject({
    value: { secret: '***', pins: ['***'], size: 3 },
  })
})

test(
  'an answer with 300,000 secret fields is learned and hidden in one pass',
  () =>
    expectLinear((length) => {
      const text = JSON.stringify(Array.from({ length }, (_, at) => ({ adminPass: `${canary}-${at}` })))
      const masker = createMasker()
      masker.learnFromExchange({ method: 'GET', url: 'http://h.test/', headers: [] }, answer(text))
      expect(masker.mask(text)).not.toContain(canary)
      expect(masker.mask(`it said ${canary}-${length - 1}.`)).toBe('it said ***.')
    }, 75_000),
  60_000,
)

describe('a message of the cloud is cut after its secrets are hidden', () => {
  const secret = 'Zq7Kp2Wm  9Xv4Lt8Nb3Rc'
  const masker = createMasker()
  masker.learn(secret)
  test.each([19, 12, 7, 3])('with %i characters of one before the cut', (kept) => {
    const message = `${'x'.repeat(500 - kept)}${secret} and so on`
    const response = { ...answer(JSON.stringify({ error: { message } }), 'application/json'), status: 400 }
    const { cloudMessage = '' } = toExchangeRecord(
      { method: 'GET', url: 'http://h.test/', headers: [] },
      { response },
      masker.mask,
    )
    expect(cloudMessage).toMatch(/^x+(\*{1,3}.*)?…?$/)
    const problem = toProblem(new OsrunError('AUTH_FAILED', phrase`Keystone refused with 401: ${message}.`))
    const masked = maskProblem(problem, masker.mask)
    expect(masked.message.length).toBeLessThan(600)
    expect(masked.message).not.toContain(secret.slice(0, 3))
  })
})

// Where an exchange has words of others.
const places: Readonly<Record<string, (text: string) => Partial<ExchangeRecord>>> = {
  url: (text) => ({ url: `http://h.test/a?b=${text}&c` }),
  reason: (reason) => ({ reason }),
  'a header': (text) => ({ responseHeaders: [['X-Any', `a ${text} b`]] }),
  'the body of a request': (text) => ({ requestBody: { size: 1, text: `<p>${text}</p>` } }),
  'the body of an answer': (text) => ({ responseBody: { size: 1, text: `{"message": [${text}]}` } }),
  'the message of the cloud': (text) => ({ cloudMessage: `rejected: ${text}.` }),
}

test('a secret in any spelling is in no place of an event', () => {
  const alphabet = fc.constantFrom(...'\'"\\$`!% &=+/?#<>äé€😀ab1Z')
  const value = fc
    .string({ unit: alphabet, minLength: 2, maxLength: 60 })
    .map((text) => `${text}q${canary}z${text}`)
  const place = fc.constantFrom(...Object.keys(places))
  fc.assert(
    fc.property(value, fc.constantFrom(...Object.keys(spellings)), place, (secret, spelling, where) => {
      const masker = createMasker()
      masker.learn(secret)
      const form = spellings[spelling]?.(secret) ?? ''
      const exchange: ExchangeRecord = {
        method: 'GET',
        url: 'http://h.test/',
        requestHeaders: [],
        duration: 1,
        ...places[where]?.(form),
      }
      const event: RunEvent = { type: 'exchange', step: 'a', exchange, time: '', curl: '' }
      const told = JSON.stringify(maskEvent(event, 'r', masker.mask))
      for (const shown of [form, canary]) expect(told).not.toContain(JSON.stringify(shown).slice(1, -1))
      expect(told).toContain('***')
    }),
    { numRuns: 1500 },
  )
})

test('an empty text of a secret field hides nothing that stands behind it', () => {
  const masker = createMasker()
  masker.learn('a "quoted" secret')
  const text = '{"user":{"password":""}},"scope":{"name":"workshop"}}'
  expect(masker.mask(text)).toBe(text)
})

test('of a secret that has quotes no piece is taken for a secret of its own', () => {
  const masker = createMasker()
  const body = { kind: 'text' as const, text: JSON.stringify({ password: 'first "second" third' }) }
  masker.learnFromExchange({ method: 'POST', url: 'http://h.test/', headers: [], body })
  expect(masker.mask('the first of all')).toBe('the first of all')
  expect(masker.mask(body.text)).not.toContain('second')
})
