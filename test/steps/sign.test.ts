import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { opening, play } from './play.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const key = 'a-key-that-nobody-knows'
const keyed = `${opening}  - request: { url: "POST /odd names", headers: { X-Container-Meta-Temp-URL-Key: "\${key}" } }\n`
const head = 'inputs: { key: { type: string, writeOnly: true }, name: "a?b#c%25&d=e.txt" }\n'
const options = { head, inputs: { key } }

test('a signed URL is sent as it is, without a token, and never shown', async () => {
  const { result, events, exchanges } = await play(
    sandbox,
    `${keyed}  - sign: { url: "/odd names/\${name}", key: "\${key}", as: my-url }
  - request: { url: "GET \${my-url}", token: false }
  - assert: { body: "a?b#c%25&d=e.txt" }
`,
    options,
  )
  expect(result.problem).toBeUndefined()
  const asked = sandbox.requests.find(({ path }) => path.includes('temp_url_sig='))
  expect(asked?.path).toContain('/odd%20names/a%3Fb%23c%2525')
  expect(asked?.headers.filter(([name]) => /token/i.test(name))).toEqual([])
  const signature = /temp_url_sig=(\w{64})/.exec(asked?.path ?? '')?.[1] ?? 'none'
  const shown = JSON.stringify([events, result])
  expect(shown).not.toContain(signature)
  expect(shown).not.toContain(key)
  expect(exchanges.at(-2)?.curl).toContain('"$my_url"')
})

test.each([
  ['method: PUT', 401],
  ['digest: sha1', 200],
  ['digest: sha512, expires: 5s', 200],
  ['prefix: plain', 200],
  ['ip-range: 127.0.0.0/8', 200],
  ['ip-range: 192.0.2.0/24', 401],
])('with %s the answer is %i', async (more, status) => {
  const { result } = await play(
    sandbox,
    `${keyed}  - sign: { url: "/odd names/plain.txt", key: "\${key}", ${more} }
  - request: { url: "GET \${signed}", token: false, expect: ${status} }
`,
    options,
  )
  expect(result.problem).toBeUndefined()
})

test('what is no object cannot be signed', async () => {
  const { result } = await play(sandbox, `${opening}  - sign: { url: "/photos", key: k }\n`)
  expect(result.problem).toMatchObject({ code: 'URL_INVALID', at: { line: 6 } })
})
