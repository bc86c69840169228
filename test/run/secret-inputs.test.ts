import { afterAll, beforeAll, expect, test } from 'vitest'
import { play, startStranger } from '../steps/play.ts'
import { type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
let stranger: Awaited<ReturnType<typeof startStranger>>
beforeAll(async () => {
  ;[sandbox, stranger] = await Promise.all([startSandbox(), startStranger()])
})
afterAll(() => Promise.all([sandbox.close(), stranger.close()]))

test.each([
  ['{ type: string, writeOnly: true }', 'hush-hush', '${key}'],
  ['{ type: integer, writeOnly: true }', 8273645, '${key}'],
  [
    '{ type: object, writeOnly: true }',
    { user: { pass: 'hush-hush' }, codes: [8273645] },
    '${key.user.pass}',
  ],
  ['{ type: array, writeOnly: true }', ['hush-hush', 8273645], '${key[0]}'],
])('an input of %s is shown in no event, whole or in part', async (schema, value, part) => {
  const { result, events, exchanges } = await play(
    sandbox,
    `  - request: { url: "POST ${stranger.url}/", json: { whole: "\${key}", part: "${part}" }, query: { a: "${part}" } }\n    capture: { back: $.body }\n`,
    { head: `inputs: { key: ${schema} }\n`, inputs: { key: value } },
  )
  expect(result.problem).toBeUndefined()
  expect(stranger.heard.at(-1)?.body).toContain(JSON.stringify(value))
  expect(JSON.stringify(events)).not.toMatch(/hush-hush|8273645/)
  expect(exchanges[0]?.curl).toContain('$key')
})

test('a capture that says that it is secret is shown in no event after it', async () => {
  const { result, events, exchanges } = await play(
    sandbox,
    `  - request: { url: "POST ${stranger.url}/", json: { word: the-word-of-today } }
    capture: { key: { from: $.body, pattern: "the[a-z-]+", secret: true } }
  - request: { url: "POST ${stranger.url}/", json: { again: "\${key}" } }
`,
  )
  expect(result.problem).toBeUndefined()
  expect(stranger.heard.at(-1)?.body).toBe('{"again":"the-word-of-today"}')
  expect(events.find((event) => event.type === 'context' && event.name === 'key')).toMatchObject({
    value: '***',
  })
  expect(JSON.stringify(exchanges[1])).not.toContain('the-word-of-today')
  expect(exchanges[1]?.curl).toContain('$key')
})

test.each([
  ['INPUT_MISSING', 'inputs: { a: { type: string } }\n', {}],
  ['INPUT_UNKNOWN', '', { a: 1 }],
  ['INPUT_INVALID', 'inputs: { a: { type: string } }\n', { a: 1 }],
])('%s ends the run before anything is sent', async (code, head, inputs) => {
  const before = stranger.heard.length
  await expect(play(sandbox, `  - request: ${stranger.url}/\n`, { head, inputs })).rejects.toMatchObject({
    code,
  })
  expect(stranger.heard).toHaveLength(before)
})
