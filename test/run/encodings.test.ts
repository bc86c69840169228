import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { recipeOf, runToEnd } from './on-sandbox.ts'
import { startSmallKeystone } from './small-keystone.ts'

const text = '{"servers":[{"id":"a7","name":"é","adminPass":"a-secret-in-a-packed-answer"}]}'
const plain = Buffer.from(text)

async function runWith(body: Buffer, headers: Record<string, string>, asserted: string) {
  const keystone = await startSmallKeystone({
    other: (_request, response) =>
      void response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(body),
  })
  const recipe = await recipeOf(
    `osrun: 1\nname: n\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - request: GET \${endpoint}/a\n  - assert: ${asserted}\n`,
  )
  const { result, events } = await runToEnd(recipe, { cloud: await keystone.cloud() })
  return {
    result,
    told: JSON.stringify(events),
    notices: events.flatMap((one) => (one.type === 'notice' ? [one.message] : [])),
  }
}

test.each<[string, Buffer, Record<string, string>]>([
  ['gzip', gzipSync(plain), { 'Content-Encoding': 'gzip' }],
  ['x-gzip', gzipSync(plain), { 'Content-Encoding': 'X-GZIP' }],
  ['deflate', deflateSync(plain), { 'Content-Encoding': 'deflate' }],
  ['deflate without its frame', deflateRawSync(plain), { 'Content-Encoding': 'deflate' }],
  ['br', brotliCompressSync(plain), { 'Content-Encoding': 'br' }],
  ['two encodings', gzipSync(brotliCompressSync(plain)), { 'Content-Encoding': 'br, gzip' }],
  ['Latin-1', Buffer.from(text, 'latin1'), { 'Content-Type': 'application/json; charset=ISO-8859-1' }],
  ['UTF-16', Buffer.from(text, 'utf16le'), { 'Content-Type': 'application/json; charset="utf-16le"' }],
  [
    'Latin-1 in gzip',
    gzipSync(Buffer.from(text, 'latin1')),
    { 'Content-Type': 'text/plain;charset=latin1', 'Content-Encoding': 'gzip' },
  ],
])('an answer in %s is read as what it says, and its size is that of what came', async (_, body, headers) => {
  const { result, told, notices } = await runWith(
    body,
    headers,
    `{ json: { "$.servers[0].id": a7, "$.servers[0].name": é }, size: ${body.length} }`,
  )
  expect(result.problem).toBeUndefined()
  expect(result.status).toBe('passed')
  expect(notices).toEqual([])
  expect(told).not.toContain('a-secret-in-a-packed-answer')
})

test('what is expected in a packed answer and is not there fails', async () => {
  const packed = gzipSync(plain)
  const { result } = await runWith(
    packed,
    { 'Content-Encoding': 'gzip' },
    '{ json: { "$.servers[0].id": b8 } }',
  )
  expect(result).toMatchObject({ status: 'failed', exit: 4 })
})

test.each([
  ['an encoding that nobody knows', 'zstd', 'the Content-Encoding zstd, which is not decoded'],
  ['an encoding that it has not', 'gzip', 'not in its Content-Encoding gzip'],
])('an answer with %s is read as it came, and that is told', async (_, encoding, words) => {
  const { result, notices } = await runWith(
    plain,
    { 'Content-Encoding': encoding },
    '{ json: { "$.servers[0].id": a7 } }',
  )
  expect(result.status).toBe('passed')
  expect(notices).toContainEqual(expect.stringContaining(words))
})

test('an answer that would be too long unpacked is told as one that is not kept', async () => {
  const bomb = gzipSync(Buffer.alloc(80 << 20))
  const { result } = await runWith(bomb, { 'Content-Encoding': 'gzip' }, '{ body: x }')
  expect(result.problem?.code).toBe('BODY_NOT_KEPT')
})
