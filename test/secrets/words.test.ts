import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { reportKinds } from '../../src/report/index.ts'
import { allTypes, runEventful, type Secrets, type Shown } from './eventful-suite.ts'
import { programWords, wordsIn } from './program-words.ts'
import { shapeOfRun } from './report-shape.ts'

// A poor secret is a word that the program itself uses: nothing of the program's own may be taken for it.
let usual: Shown
let keys: readonly string[]
let words: readonly string[]
beforeAll(async () => {
  usual = await runEventful({})
  keys = [...new Set(wordsIn(usual.events))].filter((word) => /^[\w:-]{4,40}$/.test(word))
  words = [...new Set([...keys, ...programWords()])]
})

/** A word of the same length that nothing else has in it. */
function random(word: string, index = 0): string {
  const number = index.toString(36)
  return `Qz${'7Kx'.repeat(word.length)}`.slice(0, Math.max(word.length - number.length, 1)) + number
}

test('the suite meets every kind of event and every report, and there are words enough', () => {
  expect([...new Set(usual.events.map(({ type }) => type))].sort()).toEqual(Object.keys(allTypes).sort())
  expect([...usual.reports.keys()]).toEqual([...reportKinds.map(({ kind }) => kind), 'terminal'])
  expect(usual.result.results.map(({ exit }) => exit)).toEqual([0, 4, 3])
  expect(words.length).toBeGreaterThan(1000)
  expect(words).toEqual(
    expect.arrayContaining(['type', 'exit', 'passed', 'STATUS_UNEXPECTED', 'expires_at', 'left out']),
  )
})

describe.each<[string, (words: readonly string[]) => Secrets]>([
  ['a secret input', (input) => ({ input })],
  ['cookies', (cookies) => ({ cookies })],
  ['passwords in an answer', (fields) => ({ fields })],
])('%s', (_where, learntFrom) => {
  test('may be every word of the program: verdict, exit status and the shape of each report stay', async () => {
    const other = shapeOfRun(await runEventful(learntFrom(words.map(random))))
    expect(shapeOfRun(await runEventful(learntFrom(words)))).toEqual(other)
  })
})

describe.each<[string, (word: string) => Secrets]>([
  ['the password', (password) => ({ password })],
  ['a token', (token) => ({ token })],
  ['a variable of the environment', (environment) => ({ environment })],
])('%s', (_where, learntFrom) => {
  test('may be any word of the program: verdict, exit status and the shape of each report stay', async () => {
    const others = new Map<number, unknown>()
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...words), async (word) => {
        const other = others.get(word.length) ?? shapeOfRun(await runEventful(learntFrom(random(word))))
        others.set(word.length, other)
        expect(shapeOfRun(await runEventful(learntFrom(word)))).toEqual(other)
      }),
      { numRuns: 10, examples: [['type'], ['exit'], ['status'], ['result'], ['passed']] },
    )
  })
})

test('a secret that is a word saves no other secret: they are in no event, no report and no result', async () => {
  const secrets = { password: 'Kq7-plain-Zw3', token: 'Tq9-plain-Yw1', environment: 'Vq8-plain-Xw2' }
  for (const word of ['type', 'result', 'status', 'message']) {
    const fields = [word, 'TopSecret-4711']
    const { events, result, reports } = await runEventful({ ...secrets, fields, cookies: [word] })
    const all = JSON.stringify([events, result, [...reports]])
    for (const secret of [...Object.values(secrets), 'TopSecret-4711'])
      expect(all.includes(secret), secret).toBe(false)
    expect(all.includes('***')).toBe(true)
  }
})

test('the login is printed the same, whatever word the password is', async () => {
  const login = ({ events }: Shown): unknown =>
    events.find((event) => event.type === 'exchange' && event.exchange.method === 'POST')
  const { curl, exchange } = Object(login(usual))
  for (const password of [
    'password',
    'methods',
    'name',
    'auth',
    'tokens',
    'domain',
    'someone',
    'Default',
    'POST',
  ]) {
    const other = Object(login(await runEventful({ password })))
    expect(other.curl).toBe(curl)
    expect(other.exchange.requestBody.text).toBe(exchange.requestBody.text)
    expect(other.exchange.url).toBe(exchange.url)
  }
})
