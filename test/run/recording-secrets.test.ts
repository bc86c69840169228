import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRecipe } from '../../src/library/index.ts'
import { createRecorder } from '../../src/library/recording.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { cloudOf, recipeOf, type Sandbox, startSandbox } from './on-sandbox.ts'
import { record, replay } from './recorded.ts'
import { formsOfSecret } from './secret-forms.ts'

/** Says back what it was asked, once as text and once among bytes that are no text. */
const echo = createServer(async (request, response) => {
  const body: Buffer[] = []
  for await (const chunk of request) body.push(chunk as Buffer)
  const asked = Buffer.concat([Buffer.from(`${request.url} ${JSON.stringify(request.headers)} `), ...body])
  if (request.url?.startsWith('/bytes')) response.end(Buffer.concat([Buffer.from([0xff, 0xfe]), asked]))
  else response.end(asked)
})
let url = ''
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`
})
afterAll(async () => {
  echo.closeAllConnections()
  echo.close()
  await sandbox.close()
})

const steps = (step: string): Promise<Recipe> => recipeOf(`osrun: 1\nname: n\nsteps:\n  - ${step}\n`)

const everywhere = (to: string): string => `osrun: 1
name: n
inputs: { key: { type: [string, number], writeOnly: true } }
steps:
  - request: { url: "POST ${to}/text", query: { a: "\${key}" }, json: { whole: "\${key}", part: "a \${key} b" } }
  - request: { url: "POST ${to}/bytes", json: { whole: "\${key}" } }
  - request: { url: "POST ${to}/text", form: { a: "\${key}" } }
  - request: { url: "POST ${to}/text", multipart: { a: "\${key}" } }
  - request: { url: "POST ${to}/bytes", body: "x\${key}x" }
`

/** A recording of a run in which a secret is everywhere. */
async function recordingWith(key: string | number): Promise<string> {
  const record = createRecorder(undefined)
  const run = runRecipe(await recipeOf(everywhere(url)), { record, inputs: { key } })
  expect((await run.result).problem).toBeUndefined()
  return record.text()
}

// What is in base64 in the recording is looked into as well.
function opened(text: string): string {
  const bodies = [...text.matchAll(/"base64":"([^"]+)"/g)]
  return [text, ...bodies.map(([, body = '']) => Buffer.from(body, 'base64').toString('utf8'))].join('\n')
}

test('no spelling of a secret is in a recording, whatever the secret is', async () => {
  const secret = fc
    .string({ unit: fc.constantFrom(...'\'"\\$`!% {}&=+/?#äé😀xyz'), minLength: 8, maxLength: 30 })
    .filter((text) => text.trim().length >= 8)
  await fc.assert(
    fc.asyncProperty(secret, async (key) => {
      const text = opened(await recordingWith(key))
      for (const form of formsOfSecret(key)) expect(text).not.toContain(form)
    }),
    { numRuns: 25 },
  )
})

test.each(['recorded-secret', 'secret', 'method', 'type', 'password', 8273645])(
  'a secret that is the word or number %s of the format itself spoils no recording',
  async (key) => {
    const text = await recordingWith(key)
    const { result } = await replay([await recipeOf(everywhere(url))], text)
    expect(result.results[0]?.problem).toBeUndefined()
    expect(result.exit).toBe(0)
  },
)

test('a secret number is no number in a recording', async () => {
  expect(opened(await recordingWith(8273645))).not.toContain('8273645')
})

test('a key that is known as one only later is not in what was recorded before', async () => {
  const recipe = await recipeOf(`osrun: 1
name: n
inputs: { word: sesame-open }
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: { url: "PUT \${endpoint}/c", headers: { X-Container-Meta-Note: "\${word}" } }
  - sign: { url: "\${endpoint}/c/o", key: "\${word}" }
  - request: { url: "GET \${signed}", token: false, expect: [401, 404] }
  - request: DELETE \${endpoint}/c
`)
  const { text, result } = await record([recipe], await cloudOf(sandbox.environment))
  expect(result.exit).toBe(0)
  expect(text).not.toContain('sesame-open')
  expect(text).not.toMatch(/temp_url_sig|[0-9a-f]{64}\?/)
  expect((await replay([recipe], text)).result.exit).toBe(0)
})

test('what a request held is a secret also when no answer came', async () => {
  const recipe = await steps(
    'request: { url: "POST http://127.0.0.1:1/", headers: { X-Auth-Key: hush-hush-1 }, json: { password: hush-hush-2 } }',
  )
  const { text, events, result } = await record([recipe], await cloudOf(sandbox.environment))
  expect(result.exit).toBe(3)
  for (const told of [text, JSON.stringify(events.filter(({ type }) => type === 'exchange'))])
    expect(told).not.toMatch(/hush-hush/)
})

test('what stands for a secret input need not be what its schema wants', async () => {
  const recipe = await recipeOf(
    `osrun: 1\nname: n\ninputs: { key: { type: string, pattern: "^[0-9a-f]{8}$", writeOnly: true } }\nsteps:\n  - request: { url: "POST ${url}/", body: "\${key}" }\n`,
  )
  const record = createRecorder(undefined)
  await runRecipe(recipe, { record, inputs: { key: '0a1b2c3d' } }).result
  expect((await replay([recipe], record.text())).result.exit).toBe(0)
})

test('the signature of a temporary URL that somebody else made is a secret, too', async () => {
  const recipe = await steps(
    `request: { url: "GET ${url}/o?temp_url_sig=0123456789abcdef&temp_url_expires=1" }`,
  )
  const { text, events } = await record([recipe], await cloudOf(sandbox.environment))
  for (const told of [text, JSON.stringify(events.filter(({ type }) => type === 'exchange'))])
    expect(told).not.toContain('0123456789abcdef')
})

test.each(['password', 'name', 'Default', 'public', 'catalog'])(
  'a login whose password is the word %s can be replayed',
  async (OS_PASSWORD) => {
    const recipe = await recipeOf(
      `osrun: 1\nname: n\nsteps:\n  - request: { url: "POST ${sandbox.authUrl}/auth/tokens", expect: [400, 401], json: { password: "\${env.OS_PASSWORD}" } }\n  - authenticate:\n`,
    )
    const environment = { ...sandbox.environment, OS_PASSWORD }
    const { text, result } = await record([recipe], await cloudOf(environment), { environment })
    const again = await replay([recipe], text)
    for (const [one] of [result.results, again.result.results])
      expect(one).toMatchObject({ exit: 5, requests: 2, problem: { code: 'AUTH_FAILED' } })
  },
)

test.each([
  ['http_basic', { OS_AUTH_TYPE: 'http_basic', OS_USERNAME: 'demo', OS_PASSWORD: 'hush-hush-hush' }],
  ['admin_token', { OS_AUTH_TYPE: 'admin_token', OS_TOKEN: 'hush-hush-hush' }],
])('%s leaves neither its secret nor what is made of it', async (_kind, environment) => {
  const recipe = await recipeOf(
    'osrun: 1\nname: n\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - request: GET ${endpoint}/text\n',
  )
  const cloud = await cloudOf({ ...environment, OS_ENDPOINT: url })
  const { text, result } = await record([recipe], cloud)
  expect(result.results[0]?.requests).toBeLessThan(3)
  for (const form of [...formsOfSecret('hush-hush-hush'), ...formsOfSecret('demo:hush-hush-hush')])
    expect(text).not.toContain(form)
})

test('a secret of fewer than four characters, of a field, a variable or an input, is in no recording', async () => {
  const recipe = await recipeOf(
    `osrun: 1\nname: n\ninputs: { key: { type: string, writeOnly: true }, deep: { type: object, writeOnly: true } }\nsteps:\n  - request: { url: "POST ${url}/", json: { adminPass: "\${env.V1}", password: "\${key}", token: "\${deep.a}", kept: "\${env.PLACE}" } }\n  - assert: { context: { env.MY_PIN: "~7" } }\n`,
  )
  const record = createRecorder(undefined)
  const environment = { V1: '^|5', MY_PIN: '~7', PLACE: 'blue' }
  const inputs = { key: '%9', deep: { a: '<2' } }
  const { exit } = await runRecipe(recipe, { record, environment, inputs }).result
  expect(exit).toBe(0)
  const text = record.text()
  for (const secret of ['^|5', '~7', '%9', '<2']) expect(text).not.toContain(secret)
  expect(text).toContain('"PLACE":"blue"')
  const [again] = (await replay([recipe], text)).result.results
  // The request was found, and an assertion on a secret cannot hold.
  expect(again).toMatchObject({ requests: 1, problem: { code: 'EXPECTATION_FAILED' } })
})
