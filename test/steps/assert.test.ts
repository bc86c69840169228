import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { opening, play } from './play.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const listing = `${opening}  - request: GET /pages?format=json&limit=3\n`
const photo = `${opening}  - request: HEAD /photos/fullsize/ovh-summit-2014-backstage-DS.jpg\n`
const page = `${opening}  - request: GET /pages/p00/page-000.txt\n`
const before = { listing, photo, page }
const asserted = async (answer: keyof typeof before, wanted: string) => {
  const { end, result } = await play(sandbox, `${before[answer]}  - { id: it, assert: ${wanted} }\n`)
  const ended = end('it')
  return { result, mismatches: ended?.status === 'failed' ? ended.mismatches : [] }
}

test.each([
  ['photo', '{ status: 200 }'],
  ['photo', '{ status: [200, 204] }'],
  ['photo', '{ status: { minimum: 200, maximum: 299 } }'],
  ['photo', '{ headers: { Content-Type: image/jpeg, CONTENT-LENGTH: 190046 } }'],
  ['photo', '{ headers: { content-length: { minimum: 1 }, etag: { pattern: "^[0-9a-f]{32}$" } } }'],
  ['photo', '{ headers: { content-type: [image/png, image/jpeg] } }'],
  ['listing', '{ json: { "$[0].bytes": 7, "$[*].bytes": { items: { const: 7 } } } }'],
  ['listing', '{ json: { "$[9, 10]": { maxItems: 0 } } }'],
  ['listing', '{ schema: { type: array, minItems: 3, items: { required: [name, hash] } } }'],
  ['page', '{ body: "page 0\\n" }'],
  ['page', '{ body: { pattern: "^page" } }'],
  ['page', '{ size: 7, md5: efa0a5d9f6b1f2f5c451057efcb07616 }'],
  ['page', '{ sha256: { pattern: "^[0-9a-f]{64}$" } }'],
  ['page', '{ duration: 30s }'],
  ['page', '{ context: { endpoint.region: RegionOne, token.project.name: workshop } }'],
  ['page', '{ context: { endpoint: { pattern: "^http://127.0.0.1" }, "catalog[0].type": identity } }'],
] as const)('after the %s, %s', async (answer, wanted) => {
  const { result, mismatches } = await asserted(answer, wanted)
  expect({ wanted, mismatches, problem: result.problem }).toMatchObject({ mismatches: [] })
})

test.each([
  ['photo', '{ status: 201 }', 'status', '201', '200'],
  [
    'photo',
    '{ headers: { content-type: { pattern: png } } }',
    'headers.content-type',
    'text that matches png',
    '"image/jpeg"',
  ],
  ['photo', '{ headers: { x-not-there: a } }', 'headers.x-not-there', '"a"', 'nothing there'],
  ['photo', '{ body: x }', 'body', '"x"', '""'],
  ['listing', '{ json: { "$[0].bytes": { minimum: 8 } } }', '$[0].bytes', 'at least 8', '7'],
  ['listing', '{ json: { "$[9].bytes": 7 } }', '$[9].bytes', '7', 'nothing there'],
  ['listing', '{ json: { "$[*].none": { minItems: 1 } } }', '$[*].none', 'at least 1 item', '[]'],
  [
    'listing',
    '{ schema: { items: { properties: { bytes: { type: string } } } } }',
    '$[0].bytes',
    'text',
    '7',
  ],
  ['page', '{ json: { $.a: 1 } }', '$.a', '1', 'nothing there'],
  ['page', '{ json: { "$..a": { minItems: 1 } } }', '$..a', 'at least 1 item', '[]'],
  ['page', '{ schema: { type: object } }', '$', 'a value that fits {"type":"object"}', 'nothing there'],
  ['page', '{ size: { maximum: 6 } }', 'size', 'at most 6', '7'],
  ['page', '{ md5: 00 }', 'md5', '"00"', '"efa0a5d9f6b1f2f5c451057efcb07616"'],
  ['page', '{ context: { token.project.name: other } }', 'token.project.name', '"other"', '"workshop"'],
  ['page', '{ context: { token.nothing: 1 } }', 'token.nothing', '1', 'nothing there'],
] as const)(
  'after the %s, %s is told of %s: expected %s, found %s',
  async (answer, wanted, subject, expected, found) => {
    const { result, mismatches } = await asserted(answer, wanted)
    expect(result.exit).toBe(4)
    expect(mismatches[0]).toMatchObject({ subject, expected, found })
  },
)

test('every mismatch is told, each with its place', async () => {
  const { result, mismatches } = await asserted(
    'listing',
    '\n      { status: 404,\n      headers: { content-type: a, etag: b },\n      json: { "$[0].bytes": 8, "$[1].bytes": 9 },\n      size: 1, context: { run.id: x } }',
  )
  expect(mismatches.map(({ subject, at }) => [subject, at.line])).toEqual([
    ['status', 8],
    ['size', 11],
    ['headers.content-type', 9],
    ['headers.etag', 9],
    ['$[0].bytes', 10],
    ['$[1].bytes', 10],
    ['run.id', 11],
  ])
  expect(result.problem?.message).toContain('(and 6 more)')
})

test('an answer slower than the duration is a mismatch', async () => {
  const { mismatches } = await asserted('page', '{ duration: 0ms }')
  expect(mismatches).toMatchObject([{ subject: 'duration', expected: 'at most 0 ms' }])
})

describe('of', () => {
  test('means the answer of that step, of its last request', async () => {
    const { result } = await play(
      sandbox,
      `${opening}  - { id: photo, request: HEAD /photos/fullsize/ovh-summit-2014-backstage-DS.jpg }
  - request: HEAD /photos
  - assert: { of: photo, status: 200, headers: { content-type: image/jpeg } }
  - assert: { status: 204 }
`,
    )
    expect(result.problem).toBeUndefined()
  })

  test('a step without an answer is an error, not a mismatch', async () => {
    const { result } = await play(
      sandbox,
      '  - authenticate:\n  - { id: pick, pick-endpoint: object-store }\n  - assert: { of: pick, status: 200 }\n',
    )
    expect(result).toMatchObject({ exit: 3, problem: { code: 'VALUE_MISSING', at: { line: 6 } } })
  })

  test('a step that comes later or never is found before anything is sent', async () => {
    await expect(play(sandbox, `${photo}  - assert: { of: photos, status: 200 }\n`)).rejects.toMatchObject({
      problems: [{ code: 'NAME_UNKNOWN' }],
    })
  })
})

test('templates in expectations keep their types, and are filled in within schemas', async () => {
  const { result } = await play(
    sandbox,
    `${listing}  - assert: { json: { "$[0].bytes": "\${seven}", "$[1].bytes": { maximum: "\${seven}", enum: ["\${seven}"] } }, status: ["\${ok}", 204] }\n`,
    { head: 'inputs: { seven: 7, ok: 200 }\n' },
  )
  expect(result.problem).toBeUndefined()
})

test('a schema that a template makes invalid is an error that names it', async () => {
  const { result } = await play(sandbox, `${listing}  - assert: { body: { pattern: "\${bad}" } }\n`, {
    head: 'inputs: { bad: "(" }\n',
  })
  expect(result).toMatchObject({ exit: 2, problem: { code: 'EXPECTATION_INVALID' } })
})
