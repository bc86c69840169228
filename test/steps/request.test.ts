import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cloudOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { opening, play, startStranger } from './play.ts'

let sandbox: Sandbox
let stranger: Awaited<ReturnType<typeof startStranger>>
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-request-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  ;[sandbox, stranger] = await Promise.all([startSandbox({ record: true }), startStranger()])
})
afterEach(() => Promise.all([sandbox.close(), stranger.close()]))

const account = '/v1/AUTH_fee040b1c4d24aeb985c3cdea1c3f363'
const sent = () => sandbox.requests.filter(({ path }) => path.startsWith('/v1'))
const headers = (index = 0) =>
  Object.fromEntries(sent()[index]?.headers.map(([name, value]) => [name.toLowerCase(), value]) ?? [])

describe('the request line', () => {
  test.each([
    ['- request: GET ${endpoint}/photos', 'GET', `${account}/photos`],
    ['- request: ${endpoint}/photos', 'GET', `${account}/photos`],
    ['- request: head ${endpoint}/photos', 'HEAD', `${account}/photos`],
    ['- request: /photos', 'GET', `${account}/photos`],
    ['- request: HEAD photos', 'HEAD', `${account}/photos`],
    ['- request: { url: /photos, method: HEAD }', 'HEAD', `${account}/photos`],
    ['- request: { url: HEAD /photos }', 'HEAD', `${account}/photos`],
    ['- request: "HEAD   ${endpoint}/photos"', 'HEAD', `${account}/photos`],
    ['- request: HEAD ${endpoint}//photos', 'HEAD', `${account}/photos`],
    ['- request: HEAD ${endpoint}photos', 'HEAD', `${account}/photos`],
    ['- request: HEAD ${endpoint}/photos//a/', 'HEAD', `${account}/photos//a/`],
    ['- request: HEAD ${endpoint}?a=b', 'HEAD', `${account}?a=b`],
    ['- request: HEAD ${endpoint}', 'HEAD', account],
    ['- request: HEAD ${endpoint.url}/photos', 'HEAD', `${account}/photos`],
    ['- request: HEAD ${endpoint.origin}/v1//photos', 'HEAD', '/v1//photos'],
  ])('%s is %s %s', async (step, method, path) => {
    await play(sandbox, `${opening}  ${step}\n`)
    expect(sent()).toMatchObject([{ method, path }])
  })

  test.each(['', '/', '//'])(
    'between an override that ends in "%s" and the path there is one slash, also in the printed line',
    async (end) => {
      const { result, exchanges, context } = await play(
        sandbox,
        `${opening}  - request: HEAD \${endpoint}/photos\n  - request: HEAD /photos\n`,
        {
          cloud: await cloudOf({
            ...sandbox.environment,
            OS_OBJECT_STORE_ENDPOINT_OVERRIDE: `${sandbox.url}${account}${end}`,
          }),
        },
      )
      expect(result.status).toBe('passed')
      expect(sent().map(({ path }) => path)).toEqual([`${account}/photos`, `${account}/photos`])
      expect(context.endpoint).toBe(sandbox.url + account)
      expect(exchanges.at(-2)?.curl).toContain('"$endpoint/photos"')
    },
  )

  test('a relative URL needs an endpoint, and that is known before anything is sent', async () => {
    await expect(play(sandbox, '  - authenticate:\n  - request: /photos\n')).rejects.toMatchObject({
      problems: [{ code: 'NAME_UNKNOWN', at: { line: 5 } }],
    })
    expect(sandbox.requests).toEqual([])
  })

  test.each([['ftp://127.0.0.1/x'], ['http://127.0.0.1:99999/']])(
    '%s is refused without being sent',
    async (url) => {
      const { result } = await play(sandbox, `  - request: GET ${url}\n`)
      expect(result).toMatchObject({
        status: 'errored',
        exit: 3,
        requests: 0,
        problem: { code: 'URL_INVALID' },
      })
    },
  )
})

describe('percent-encoding', () => {
  const name = 'a b/c?d#e%f&g=h+ü'
  test('a value in the path is encoded with / kept, one in the query wholly, a leading endpoint not at all', async () => {
    await play(
      sandbox,
      `${opening}  - request: { url: "GET \${endpoint}/\${odd}?marker=\${odd}", query: { prefix: "\${odd}" }, expect: [200, 404] }\n`,
      { head: `inputs: { odd: ${JSON.stringify(name)} }\n` },
    )
    const query = 'a%20b%2Fc%3Fd%23e%25f%26g%3Dh%2B%C3%BC'
    expect(sent()[0]?.path).toBe(
      `${account}/a%20b/c%3Fd%23e%25f%26g%3Dh%2B%C3%BC?marker=${query}&prefix=${query}`,
    )
  })

  test('what a URL cannot hold is encoded, and what is encoded already stays', async () => {
    await play(sandbox, `${opening}  - request: "HEAD /odd names/ü%20|x"\n`)
    expect(sent()[0]?.path).toBe(`${account}/odd%20names/%C3%BC%20%7Cx`)
  })

  test('a query repeats the name of a list, keeps numbers and booleans, and joins what the URL has', async () => {
    await play(
      sandbox,
      `${opening}  - request: { url: "GET /pages?format=json", query: { limit: 3, a: [1, "x y", true], "q&": "" } }\n`,
    )
    expect(sent()[0]?.path).toBe(`${account}/pages?format=json&limit=3&a=1&a=x%20y&a=true&q%26=`)
  })

  test('a query goes before a fragment, which is not sent', async () => {
    await play(sandbox, `${opening}  - request: { url: "GET /pages#top", query: { limit: 1 } }\n`)
    expect(sent()[0]?.path).toBe(`${account}/pages?limit=1`)
  })

  test('typed values in a query are written as JSON writes them', async () => {
    await play(
      sandbox,
      `${opening}  - request: { url: GET /pages, query: { limit: "\${n}", x: "\${yes}" } }\n`,
      {
        head: 'inputs: { n: 2, yes: true }\n',
      },
    )
    expect(sent()[0]?.path).toBe(`${account}/pages?limit=2&x=true`)
  })
})

describe('headers', () => {
  test('go out as written, templates filled in, after the defaults', async () => {
    await play(
      sandbox,
      `${opening}  - request: { url: PUT /mine, headers: { X-Container-Meta-Who: "\${who}", Accept: text/plain, X-Number: 0123 } }\n`,
      { head: 'inputs: { who: me }\n' },
    )
    expect(sent()[0]?.headers).toContainEqual(['X-Container-Meta-Who', 'me'])
    expect(headers()).toMatchObject({ accept: 'text/plain', 'x-number': '0123' })
    expect(headers()['x-auth-token']).toMatch(/^gAAAA/)
    expect(headers()['user-agent']).toContain('osrun')
  })

  test('a header with a line break is refused, not sent', async () => {
    const { result } = await play(
      sandbox,
      `${opening}  - request: { url: GET /photos, headers: { X-A: "a\\r\\nX-B: b" } }\n`,
    )
    expect(result.problem?.code).toBe('URL_INVALID')
    expect(sent()).toEqual([])
  })
})

describe('bodies', () => {
  test('json is sent as JSON with the types of its values', async () => {
    await play(
      sandbox,
      `  - request: { url: "POST ${stranger.url}/", json: { n: "\${n}", text: "n=\${n}", list: ["\${list}"], none: null } }\n`,
      { head: 'inputs: { n: 3, list: { type: array, default: [1, two] } }\n' },
    )
    expect(stranger.heard[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"n":3,"text":"n=3","list":[[1,"two"]],"none":null}',
    })
  })

  test('a token or an endpoint within json is its text', async () => {
    await play(
      sandbox,
      `${opening}  - request: { url: "POST ${stranger.url}/", json: ["\${endpoint}", { a: "\${endpoint}" }] }\n`,
    )
    expect(JSON.parse(stranger.heard[0]?.body ?? '')).toEqual([
      `${sandbox.url}${account}`,
      { a: `${sandbox.url}${account}` },
    ])
  })

  test('form is sent as a form; a list repeats its name', async () => {
    await play(
      sandbox,
      `  - request: { url: "POST ${stranger.url}/", form: { a: "x&y=z ü", b: [1, true] } }\n`,
    )
    expect(stranger.heard[0]).toMatchObject({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a=x%26y%3Dz+%C3%BC&b=1&b=true',
    })
  })

  test('body is sent as text, without a type of its own', async () => {
    await play(
      sandbox,
      `  - request: { url: "POST ${stranger.url}/", body: "\${word}\\n", headers: { content-type: text/x } }\n`,
      {
        head: 'inputs: { word: ü }\n',
      },
    )
    expect(stranger.heard[0]).toMatchObject({
      headers: { 'content-type': 'text/x', 'content-length': '3' },
      body: 'ü\n',
    })
  })

  test("the recipe's own Content-Type stands", async () => {
    await play(
      sandbox,
      `  - request: { url: "POST ${stranger.url}/", json: {}, headers: { content-type: application/merge-patch+json } }\n`,
    )
    expect(stranger.heard[0]?.headers['content-type']).toBe('application/merge-patch+json')
  })

  test("file and save-to start from the recipe's folder, and tell size and hashes", async () => {
    writeFileSync(join(folder, 'up.txt'), 'some text')
    const { result, exchanges } = await play(
      sandbox,
      `${opening}  - request: { url: PUT /empty/a, file: "\${name}.txt" }
  - assert: { status: 201, headers: { etag: 552e21cd4cd9918678e3c1a0df491bc3 } }
  - request: { url: GET /empty/a, save-to: "down-\${name}" }
  - assert: { size: 9, md5: 552e21cd4cd9918678e3c1a0df491bc3, sha256: { pattern: "^b94f6f125c79e3a5" } }
`,
      { directory: folder, head: 'inputs: { name: up }\n' },
    )
    expect(result.problem).toBeUndefined()
    expect(readFileSync(join(folder, 'down-up'), 'utf8')).toBe('some text')
    expect(exchanges.at(1)?.exchange.requestBody).toMatchObject({ size: 9, file: join(folder, 'up.txt') })
    expect(exchanges.at(2)?.exchange.responseBody).toMatchObject({ size: 9, file: join(folder, 'down-up') })
  })

  test('a file that is not there is told, and nothing is sent', async () => {
    const { result } = await play(sandbox, `${opening}  - request: { url: PUT /empty/a, file: none.txt }\n`, {
      directory: folder,
    })
    expect(result).toMatchObject({ exit: 1, problem: { code: 'FILE_UNREADABLE' } })
    expect(sent()).toEqual([])
  })

  test('a folder that cannot be written into is told', async () => {
    const { result } = await play(
      sandbox,
      `${opening}  - request: { url: GET /photos, save-to: none/a.txt }\n`,
      { directory: folder },
    )
    expect(result).toMatchObject({ exit: 1, problem: { code: 'FILE_UNWRITABLE' } })
  })
})

describe('expect', () => {
  test.each([
    ['404', 404, 'passed'],
    ['[200, 404]', 404, 'passed'],
    ['{ minimum: 400 }', 404, 'passed'],
    ['"${wanted}"', 404, 'passed'],
    ['["${wanted}", 200]', 404, 'passed'],
    ['200', 404, 'failed'],
    ['[200, 204]', 404, 'failed'],
    ['{ maximum: 399 }', 404, 'failed'],
    ['404', 200, 'failed'],
  ])('%s with an answer of %i: %s', async (wanted, status, verdict) => {
    const { result, end } = await play(
      sandbox,
      `  - { id: ask, request: { url: "GET ${stranger.url}/status/${status}", expect: ${wanted} } }\n`,
      { head: 'inputs: { wanted: 404 }\n' },
    )
    expect(result.status).toBe(verdict)
    if (verdict === 'failed')
      expect(end('ask')).toMatchObject({
        problem: { code: 'STATUS_UNEXPECTED' },
        mismatches: [{ subject: 'status', found: String(status), at: { line: 5 } }],
      })
  })

  test.each([
    [399, 'passed'],
    [400, 'failed'],
    [500, 'failed'],
  ])('without it %i is %s', async (status, verdict) => {
    const { result } = await play(sandbox, `  - request: GET ${stranger.url}/status/${status}\n`)
    expect(result.status).toBe(verdict)
  })

  test('of 401 keeps the token as it is', async () => {
    await play(
      sandbox,
      `${opening}  - request: { url: "GET /photos", headers: { X-Auth-Token: none }, expect: 401 }\n`,
    )
    expect(sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })
})

describe('the token', () => {
  const token = () => stranger.heard.map((one) => one.headers['x-auth-token'] !== undefined)

  test('goes to no origin outside of the catalog, and that is told', async () => {
    const { notices } = await play(sandbox, `${opening}  - request: GET ${stranger.url}/\n`)
    expect(token()).toEqual([false])
    expect(notices.filter((one) => one.includes(stranger.url))).toHaveLength(1)
  })

  test('goes there with token: true where that origin is allowed, and that is told', async () => {
    const { events } = await play(
      sandbox,
      `${opening}  - request: { url: "GET ${stranger.url}/", token: true }\n`,
      { allowOrigins: [stranger.url] },
    )
    expect(token()).toEqual([true])
    expect(events.filter((one) => one.type === 'notice' && one.level === 'warning')).toHaveLength(1)
  })

  test('does not go there by a header of the recipe either, unless token: true and allowed', async () => {
    const own = (more: string, ...allowOrigins: readonly string[]) =>
      play(
        sandbox,
        `${opening}  - request: { url: "GET ${stranger.url}/", headers: { x-auth-token: "\${token}" }${more} }\n`,
        { allowOrigins },
      )
    expect((await own('')).result.problem).toMatchObject({ code: 'URL_INVALID' })
    expect(stranger.heard).toEqual([])
    expect((await own(', token: true')).result.problem).toMatchObject({ code: 'ORIGIN_REFUSED' })
    expect(stranger.heard).toEqual([])
    expect((await own(', token: true', stranger.url)).result.status).toBe('passed')
    expect(token()).toEqual([true])
  })

  test('stays at home with token: false', async () => {
    const { result } = await play(
      sandbox,
      `${opening}  - request: { url: GET /photos, token: false, expect: 401 }\n`,
    )
    expect(result.status).toBe('passed')
    expect(headers()).not.toHaveProperty('x-auth-token')
  })
})

describe('redirects', () => {
  test('are followed, without the token to another origin', async () => {
    const { result, exchanges } = await play(
      sandbox,
      `${opening}  - request: { url: "GET ${stranger.url}/redirect/302?${sandbox.url}/info", token: true }\n  - assert: { status: 200 }\n`,
      { allowOrigins: [stranger.url] },
    )
    expect(result.problem).toBeUndefined()
    expect(exchanges.slice(1, 3).map(({ exchange }) => exchange.status)).toEqual([302, 200])
  })

  test('are an answer like any other with redirect: false', async () => {
    const { result } = await play(
      sandbox,
      `  - request: { url: "GET ${stranger.url}/redirect/301?/x", redirect: false }\n  - assert: { status: 301, headers: { location: /x } }\n`,
    )
    expect(result.status).toBe('passed')
    expect(stranger.heard).toHaveLength(1)
  })

  test('in a circle end with a code of their own', async () => {
    const { result } = await play(sandbox, `  - request: GET ${stranger.url}/circle\n`)
    expect(result).toMatchObject({ exit: 3, problem: { code: 'TOO_MANY_REDIRECTS' } })
    expect(stranger.heard).toHaveLength(11)
  })
})
