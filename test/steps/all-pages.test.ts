import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, answeringServer } from '../run/answering-server.ts'
import { cloudOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { opening, type Played, play } from './play.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
})
afterAll(() => sandbox.close())

/** Runs a GET of `/servers?limit=2` on a compute service that answers so; gives back the targets that it heard. */
async function playOn(
  answer: (marker: string | null, count: number) => Answer,
  keys = 'all-pages: true',
  after = '',
): Promise<Played & { readonly heard: readonly string[]; readonly tokens: readonly (string | undefined)[] }> {
  const heard: string[] = []
  const tokens: (string | undefined)[] = []
  await using server = await answeringServer((count, { url = '', headers }) => {
    heard.push(url)
    tokens.push(headers['x-auth-token']?.toString())
    return answer(new URL(url, 'http://h').searchParams.get('marker'), count)
  })
  const cloud = await cloudOf(sandbox.environment)
  const steps = `  - authenticate:
  - pick-endpoint: compute
  - id: list
    request: { url: "GET /servers?limit=2", ${keys} }
${after}`
  const played = await play(sandbox, steps, {
    cloud: { ...cloud, endpointOverrides: { compute: `${server.url}/v2.1` } },
  })
  return { ...played, heard, tokens }
}

const servers = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }))
/** Nova's pages, with links that lead to a private host over plain http. */
function nova(marker: string | null): Answer {
  const start = marker === null ? 0 : servers.findIndex(({ id }) => id === marker) + 1
  const items = servers.slice(start, start + 2)
  const last = items.at(-1)?.id
  const href = `http://192.0.2.1:8774/v2.1/servers?limit=2&marker=${last}`
  return { json: { servers: items, ...(items.length === 2 && { servers_links: [{ rel: 'next', href }] }) } }
}

test('pages become one answer, each with its own exchange and curl, and all with the token', async () => {
  const { result, heard, tokens, exchanges } = await playOn(
    nova,
    'all-pages: true',
    `    capture: { ids: "$.servers[*].id" }
  - assert: { json: { "$.servers[*]": { minItems: 5, maxItems: 5 }, "$.servers_links": { maxItems: 0 } } }
  - assert: { context: { response.pages: 3, ids: { const: [a, b, c, d, e] }, steps.list.response.pages: 3 }, of: list, status: 200 }
`,
  )
  expect(result.problem).toBeUndefined()
  expect(heard).toEqual([
    '/v2.1/servers?limit=2',
    '/v2.1/servers?limit=2&marker=b',
    '/v2.1/servers?limit=2&marker=d',
  ])
  expect(new Set(tokens).size).toBe(1)
  expect(tokens[0]).toMatch(/^gAAAAA/)
  expect(
    exchanges.slice(1, 4).map(({ curl }) => curl.replace(/.*"\$endpoint/, '').replace(/ .*/, '')),
  ).toEqual(['/servers?limit=2"', '/servers?limit=2&marker=b"', '/servers?limit=2&marker=d"'])
})

test('pages may be long', async () => {
  const many = Array.from({ length: 300_000 }, () => 0)
  const { result } = await playOn(
    (marker) => ({ json: { servers: many, ...(marker === null && { next: '?marker=1' }) } }),
    'all-pages: true',
    '  - assert: { json: { $.servers: { minItems: 600000 } } }\n',
  )
  expect(result.problem).toBeUndefined()
})

test('a real container listing of the sandbox ends at an empty page', async () => {
  const names = [1, 2, 3].map((number) => `page ${number}.txt`)
  const { result } = await play(
    sandbox,
    `${opening}  - for-each: ${JSON.stringify(names)}
    request: { url: "PUT \${endpoint}/photos/\${item}", body: x }
  - request: { url: "\${endpoint}/photos", query: { limit: 1, prefix: page }, all-pages: true }
  - assert: { json: { "$[*].name": { const: ${JSON.stringify(names)} } }, context: { response.pages: 4 } }
  - request: { url: "\${endpoint}/photos?delimiter=/&limit=1", all-pages: true }
  - assert: { json: { "$[0].subdir": fullsize/ }, context: { response.pages: { minimum: 2 } } }
`,
  )
  expect(result.problem).toBeUndefined()
})

describe('a list without an end', () => {
  test('is noticed when a page leads to one that was asked for', async () => {
    const { result, heard } = await playOn((marker) => ({
      json: {
        servers: [{ id: 'x' }],
        servers_links: [{ rel: 'next', href: `?marker=${marker === 'a' ? 'b' : 'a'}` }],
      },
    }))
    expect(heard).toHaveLength(3)
    expect(result).toMatchObject({ exit: 4, problem: { code: 'PAGES_INVALID', at: { line: 7 } } })
  })

  test('is noticed when a service knows no marker', async () => {
    const { result, heard } = await playOn(() => ({ json: [{ name: 'x' }] }))
    expect(heard).toHaveLength(2)
    expect(result.problem).toMatchObject({ code: 'PAGES_INVALID' })
  })

  test('is given up after a thousand pages', async () => {
    const { result, heard } = await playOn((_marker, count) => ({
      json: { servers: [{ id: 'x' }], servers_links: [{ rel: 'next', href: `?marker=${count}` }] },
    }))
    expect(heard).toHaveLength(1000)
    expect(result.problem).toMatchObject({ code: 'PAGES_INVALID' })
  })

  test('is given up when it fills the memory', async () => {
    const filling = 'x'.repeat(8_000_000)
    const { result, heard } = await playOn((_marker, count) => ({
      json: { servers: [{ filling }], servers_links: [{ rel: 'next', href: `?marker=${count}` }] },
    }))
    expect(heard).toHaveLength(9)
    expect(result.problem).toMatchObject({ code: 'PAGES_INVALID' })
  })
})

describe('which list is meant', () => {
  const two: Answer = { json: { a: [1], b: { c: [{ id: '1' }] }, d: [2] } }

  test('has to be said where there are several', async () => {
    const { result } = await playOn(() => two)
    expect(result.problem).toMatchObject({ code: 'PAGES_INVALID', message: expect.stringContaining('a, d') })
  })

  test('can be said by a path', async () => {
    const { result } = await playOn(
      () => two,
      'all-pages: b.c',
      '  - assert: { json: { $.b.c: { maxItems: 1 } }, context: { response.pages: 1 } }\n',
    )
    expect(result.problem).toBeUndefined()
  })

  test('may be nowhere', async () => {
    const { result } = await playOn(() => ({ json: { b: 7 } }), 'all-pages: b.c')
    expect(result.problem).toMatchObject({ code: 'PAGES_INVALID' })
  })

  test('does not matter for an empty answer', async () => {
    const { result } = await playOn(() => ({ status: 204 }))
    expect(result.problem).toBeUndefined()
  })
})

test('a later page that is refused fails the step', async () => {
  const { result } = await playOn(
    (marker) => (marker === 'b' ? { status: 404, json: { message: 'gone' } } : nova(marker)),
    'all-pages: true, expect: [200, 404]',
  )
  expect(result).toMatchObject({ exit: 4, problem: { code: 'STATUS_UNEXPECTED' } })
  expect(result.problem?.message).toContain('page 2')
})

test('an answer that is expected and no list stays as it is', async () => {
  const { result } = await playOn(
    () => ({ status: 404, json: { message: 'none' } }),
    'all-pages: true, expect: [200, 404]',
    '  - assert: { status: 404 }\n',
  )
  expect(result.problem).toBeUndefined()
})

test('text, as an object store sends it when it is asked to, has no pages', async () => {
  const { result } = await play(
    sandbox,
    `${opening}  - request: { url: "\${endpoint}/photos", headers: { Accept: text/plain }, all-pages: true }\n`,
  )
  expect(result.problem).toMatchObject({ code: 'PAGES_INVALID', at: { line: 6 } })
})

test('a token that is renewed between two pages is renewed once', async () => {
  const { result, heard, tokens } = await playOn((marker, count) =>
    count === 2 ? { status: 401, json: { error: { message: 'expired' } } } : nova(marker),
  )
  expect(result.problem).toBeUndefined()
  expect(heard).toHaveLength(4)
  expect(tokens[0]).toBe(tokens[1])
  expect(tokens[2]).not.toBe(tokens[1])
  expect(tokens[3]).toBe(tokens[2])
})

test.each([
  ['{ url: HEAD /servers, all-pages: true }', 'A HEAD has no pages.'],
  ['{ url: /servers, all-pages: true, save-to: x }', 'Pages are put together in memory, not in a file.'],
  ['{ url: /servers, all-pages: "a..b" }', '"a..b" is no path.'],
])('%s is refused before anything is sent', async (request, message) => {
  await expect(play(sandbox, `${opening}  - request: ${request}\n`)).rejects.toMatchObject({
    problems: [{ code: 'RECIPE_INVALID', message, at: { line: 6 } }],
  })
})
