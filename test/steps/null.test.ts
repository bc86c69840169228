import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { play, startStranger } from './play.ts'

let sandbox: Sandbox
let stranger: Awaited<ReturnType<typeof startStranger>>
beforeEach(async () => {
  ;[sandbox, stranger] = await Promise.all([startSandbox(), startStranger()])
})
afterEach(() => Promise.all([sandbox.close(), stranger.close()]))

const head = `inputs:
  size: { type: object, default: { min: 1, max: 9 } }
  tags: { type: array, default: [a, b] }
  gaps: { type: array, default: [a, null] }
`
const login = `  - authenticate:
    capture: { never: $.token.user.password_expires_at }
  - pick-endpoint: object-store
`
const run = (step: string) =>
  play(sandbox, login + step.replaceAll('HOST', stranger.url), {
    head,
    environment: { ...sandbox.environment },
  })

test.each([
  ['a path', '  - request: GET HOST/x/${never}', '${never}'],
  ['a query', '  - request: { url: HOST/x, query: { marker: "${never}" } }', '${never}'],
  ['a list of a query', '  - request: { url: HOST/x, query: { marker: [a, "${never}"] } }', '${never}'],
  ['a list that is given', '  - request: { url: HOST/x, query: { tag: "${gaps}" } }', '${gaps[1]}'],
  ['a header', '  - request: { url: HOST/x, headers: { X-Color: "${never}" } }', '${never}'],
  ['a piece of a header', '  - request: { url: HOST/x, headers: { X-Color: "is ${never}" } }', '${never}'],
  ['a form', '  - request: { url: POST HOST/x, form: { color: "${never}" } }', '${never}'],
  ['a list of a form', '  - request: { url: POST HOST/x, form: { color: "${gaps}" } }', '${gaps[1]}'],
  ['a part', '  - request: { url: POST HOST/x, multipart: { color: "${never}" } }', '${never}'],
  [
    'a text of a part',
    '  - request: { url: POST HOST/x, multipart: { a: { text: "${never}" } } }',
    '${never}',
  ],
  ['a body', '  - request: { url: POST HOST/x, body: "${never}" }', '${never}'],
  ['a piece of a body', '  - request: { url: POST HOST/x, body: "color=${never}" }', '${never}'],
  ['a piece of JSON', '  - request: { url: POST HOST/x, json: { color: "is ${never}" } }', '${never}'],
  ['a file', '  - request: { url: PUT HOST/x, file: "${never}" }', '${never}'],
  ['a microversion', '  - request: { url: HOST/x, microversion: "${never}" }', '${never}'],
  ['a key', '  - sign: { url: "${endpoint}/photos/a", key: "${never}" }', '${never}'],
  ['a prefix', '  - sign: { url: "${endpoint}/photos/a", key: k, prefix: "${never}" }', '${never}'],
  ['the name of an object', '  - sign: { url: "${endpoint}/photos/${never}", key: k }', '${never}'],
  ['a password', '  - authenticate: { password: "${never}" }', '${never}'],
  ['a project', '  - authenticate: { scope: { project: "${never}" } }', '${never}'],
  ['a region', '  - pick-endpoint: { service: image, region: "${never}" }', '${never}'],
  ['a token to revoke', '  - revoke: "${never}"', '${never}'],
  ['a question', '  - pause: { question: "Is it ${never}?" }', '${never}'],
])('null in %s is a missing value, and nothing is sent', async (_name, step, read) => {
  const before = (await run('')).exchanges.length
  const { result, exchanges } = await run(step)
  expect(result.problem).toMatchObject({ code: 'VALUE_MISSING', message: `${read} is null.` })
  expect(result.problem?.at?.line).toBe(step.includes('\n') ? 10 : 11)
  expect(stranger.heard).toEqual([])
  expect(exchanges.length).toBe(before)
})

test.each([
  ['query: { tag: "${tags}" }', { url: '/x?tag=a&tag=b' }],
  ['query: { size: "${size}" }', { url: `/x?size=${encodeURIComponent('{"min":1,"max":9}')}` }],
  ['query: { marker: "${never:-first}" }', { url: '/x?marker=first' }],
  [
    'form: { tag: "${tags}", size: "${size}" }',
    { body: 'tag=a&tag=b&size=%7B%22min%22%3A1%2C%22max%22%3A9%7D' },
  ],
  ['headers: { X-Tags: "${gaps}" }', { headers: { 'x-tags': '["a",null]' } }],
  ['json: { a: null, b: "${never}", c: "${gaps}" }', { body: '{"a":null,"b":null,"c":["a",null]}' }],
])('%s is sent', async (body, sent) => {
  const { result } = await run(`  - request: { url: POST HOST/x, ${body} }`)
  expect(result.problem).toBeUndefined()
  expect(stranger.heard).toMatchObject([sent])
})

test('a list gives a part of a form for each of its items', async () => {
  await run('  - request: { url: POST HOST/x, multipart: { tag: "${tags}" } }')
  expect(stranger.heard[0]?.body.match(/name="tag"\r\n\r\n(\w)/g)).toHaveLength(2)
})

test('an assertion may expect null', async () => {
  const { result } = await run('  - assert: { context: { never: "${never}" } }')
  expect(result.status).toBe('passed')
})
