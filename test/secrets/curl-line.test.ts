import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toCurl } from '../../src/http/curl-line/curl.ts'
import type { HttpRequest } from '../../src/model/exchange.ts'
import { createMasker } from '../../src/secrets/masker.ts'
import { isSecretName } from '../../src/util/secret-names.ts'
import { formsOfSecret } from '../run/secret-forms.ts'

const url = 'https://store.example/v1/photos'

function line(request: HttpRequest, secrets: Readonly<Record<string, string>>): string {
  const masker = createMasker()
  for (const [variable, secret] of Object.entries(secrets)) masker.learn(secret, variable)
  return toCurl(request, { names: masker.names(), find: masker.find, tls: { insecure: false } })
}

function post(json: unknown): HttpRequest {
  const headers = [['Content-Type', 'application/json']] as const
  return { method: 'POST', url, headers, body: { kind: 'text', text: JSON.stringify(json), json } }
}

const requests: Readonly<Record<string, (secret: string) => HttpRequest>> = {
  query: (key) => ({ method: 'GET', url: `${url}?key=${encodeURIComponent(key)}`, headers: [] }),
  header: (key) => ({ method: 'GET', url, headers: [['X-Key', key.replace(/[\r\n]/g, '')]] }),
  form: (key) => {
    const text = new URLSearchParams({ key }).toString()
    return { method: 'POST', url, headers: [], body: { kind: 'text', text } }
  },
  JSON: (key) => post({ key, [key]: 1 }),
  multipart: (key) => ({
    method: 'POST',
    url,
    headers: [],
    body: { kind: 'multipart', parts: [{ name: 'key', text: key, type: 'text/plain' }] },
  }),
}

const secret = fc
  .string({ unit: fc.constantFrom(...'\'"\\$`!% &=+/?#äab12'), minLength: 6, maxLength: 20 })
  .filter((text) => text.trim() === text)
const short = fc.string({ unit: fc.constantFrom(...'\'"\\%2027ab'), minLength: 1, maxLength: 3 })

describe.each(Object.entries(requests))('in a curl line, a secret of a %s', (_place, request) => {
  test('is nowhere, also where a short one is a part of its spelling', () => {
    fc.assert(
      fc.property(secret, short, (key, pin) => {
        const printed = line(request(key), { pin, key })
        for (const form of formsOfSecret(key)) if (form.length >= 6) expect(printed).not.toContain(form)
        expect(printed).toMatch(/\$key|env\.key|\*\*\*/)
      }),
      { numRuns: 200 },
    )
  })
})

test('names of headers and options, and a method, are no secrets', () => {
  const request: HttpRequest = { ...post({ a: 'X-Auth-Token' }), method: 'PATCH' }
  const printed = line(
    { ...request, headers: [['X-Auth-Token', 'PATCH']] },
    { one: 'X-Auth-Token', two: 'PATCH', three: 'Content-Type', four: 'data-binary', five: 'curl' },
  )
  expect(printed).toBe(
    `one="$one" jq -cnj '{"a":env.one}' | curl -i -X PATCH ${url} -H "X-Auth-Token: $two" -H Accept: -H Content-Type: --data-binary @-`,
  )
})

test('a key and a number that are secrets are variables of jq', () => {
  expect(line(post({ 'a-key': 8273645 }), { one: 'a-key', two: '8273645' })).toContain(
    '{(env.one):(env.two|tonumber)}',
  )
})

test('what has no variable is hidden', () => {
  const masker = createMasker()
  masker.learn('hunter2-hunter2')
  masker.learn('8273645')
  const options = { names: [], find: masker.find, tls: { insecure: false } }
  expect(toCurl(post({ a: 'x hunter2-hunter2', b: 8273645 }), options)).toContain(`'{"a":"x ***","b":***}'`)
  expect(toCurl({ method: 'GET', url: `${url}/hunter2-hunter2`, headers: [] }, options)).toContain(
    `'${url}/***'`,
  )
})

test('a field that is secret by its name is hidden, however short it is, also beside one with a variable', () => {
  const masker = createMasker()
  masker.learn('hunter2-hunter2', 'key')
  const options = {
    names: masker.names(),
    find: masker.find,
    isSecretField: isSecretName,
    tls: { insecure: false },
  }
  expect(toCurl(post({ adminPass: 'x1' }), options)).toContain(`'{"adminPass":"***"}'`)
  expect(toCurl(post({ adminPass: 'x1', a: 'hunter2-hunter2' }), options)).toContain(
    `'{"adminPass":"***","a":env.key}'`,
  )
})
