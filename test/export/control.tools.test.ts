import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { runScript, shells } from './shell.ts'

let server: Server
let base: string
let asked: string[] = []
let counts = new Map<string, number>()

// `/seq/503,200` answers 503, then 200 for ever; `silence` never comes. The body tells how often the path was asked.
beforeAll(async () => {
  server = createServer((request, response) => {
    const { method = '', url = '' } = request
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      asked.push(`${method} ${url}${body === '' ? '' : ` ${body}`}`)
      const n = (counts.get(`${method} ${url}`) ?? 0) + 1
      counts.set(`${method} ${url}`, n)
      const statuses = /^\/seq\/([^/?]+)/.exec(url)?.[1]?.split(',') ?? ['200']
      const status = statuses[Math.min(n, statuses.length) - 1] ?? '200'
      if (status === 'silence') return
      const after = /after=(\d+)/.exec(url)?.[1]
      const items = [
        { name: 'a b', size: 1 },
        { name: 'c', size: null },
      ]
      response.writeHead(Number(status), {
        'Content-Type': 'application/json',
        'X-Count': n,
        ...(after !== undefined && { 'Retry-After': after }),
      })
      response.end(JSON.stringify({ n, url, items, empty: [], text: 'one' }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked = []
  counts = new Map()
})

type Case = readonly [name: string, steps: string, exit: number]
const get = (path: string): string => `request: "GET \${base}${path}"`
const cases: readonly Case[] = [
  ['when holds', `  - ${get('/a')}\n    when: { colour: [red, blue] }\n  - ${get('/b')}`, 0],
  ['when does not hold', `  - ${get('/a')}\n    when: { colour: red }\n  - ${get('/b')}`, 0],
  ['when wants a variable that is not there', `  - ${get('/a')}\n    when: { env.NOT_THERE: x }`, 0],
  [
    'when looks at an answer',
    `  - ${get('/a')}\n  - ${get('/b')}\n    when: { response.json.n: { maximum: 0 } }\n  - ${get('/c')}\n    when: { response.status: 200, response.json.text: one }`,
    0,
  ],
  [
    'when needs a value that is not there',
    `  - ${get('/a')}\n  - ${get('/b')}\n    when: { colour: "\${response.json.gone}" }`,
    3,
  ],
  [
    'a value of a skipped step',
    `  - ${get('/a')}\n    when: { colour: red }\n    capture: { t: $.text }\n  - ${get('/b/${t}')}`,
    3,
  ],
  [
    'a field of a skipped answer',
    `  - id: first\n    ${get('/a')}\n    when: { colour: red }\n  - ${get('/b/${steps.first.response.json.n}')}`,
    3,
  ],
  [
    'a default for a value of a skipped step',
    `  - ${get('/a')}\n    when: { colour: red }\n    capture: { t: $.text }\n  - ${get('/b/x${t:-none}')}\n  - ${get('/c')}\n    when: { t: one }\n  - assert: { context: { t: one } }`,
    4,
  ],
  [
    'for-each of mappings',
    `  - ${get('/a')}\n    capture: { items: $.items }\n  - id: each\n    for-each: \${items}\n    request: { url: "POST \${base}/\${item.name}", json: { all: "\${item}", size: "\${item.size}" } }\n    capture: { n: $.url }\n  - ${get('/last${n}')}\n  - assert: { of: each, json: { $.n: 1 } }`,
    0,
  ],
  [
    'for-each of texts and numbers',
    `  - for-each: [1, "two\\n", "\${colour}"]\n    request: { url: "POST \${base}/x", json: ["\${item}", "-\${item}-"] }`,
    0,
  ],
  [
    'for-each of nothing',
    `  - ${get('/a')}\n    capture: { e: $.empty }\n  - for-each: \${e}\n    ${get('/x')}\n  - ${get('/z')}`,
    0,
  ],
  ['for-each of what is no list', `  - for-each: \${colour}\n    ${get('/x')}`, 3],
  [
    'a round that fails',
    `  - for-each: [200, 404, 201]\n    ${get('/seq/${item}')}\n    defer: [{ ${get('/undo/${item}')} }]\n  - ${get('/z')}`,
    4,
  ],
  [
    'a round that may fail',
    `  - for-each: [a, b]\n    ${get('/seq/404/${item}')}\n    allow-failure: true\n  - ${get('/z')}`,
    0,
  ],
  [
    'until a status',
    `  - ${get('/seq/404,202,200')}\n    until: { status: 200 }\n    every: 50ms\n    capture: { n: $.n }\n  - ${get('/z/${n}')}`,
    0,
  ],
  [
    'until in vain',
    `  - ${get('/a')}\n    until: { headers: { x-count: 1000 }, json: { $.text: two } }\n    every: 10s\n    timeout: 5s`,
    4,
  ],
  [
    'until with an unexpected status',
    `  - ${get('/seq/500,200')}\n    until: { json: { $.n: 2 } }\n    every: 50ms`,
    4,
  ],
  [
    'until with the statuses on the way',
    `  - request: { url: "GET \${base}/seq/404,403,200", expect: [200, 404] }\n    until: { status: 200 }\n    every: 50ms`,
    4,
  ],
  [
    'fail-if',
    `  - ${get('/a')}\n    until: { json: { $.n: 9 } }\n    fail-if: { json: { $.n: { minimum: 2 } }, status: 200 }\n    every: 50ms`,
    4,
  ],
  [
    'until without an answer at last',
    `  - ${get('/seq/200,silence')}\n    until: { json: { $.n: 9 } }\n    every: 50ms\n    timeout: 5s`,
    4,
  ],
  ['a time-out', `  - ${get('/seq/silence')}\n    timeout: 500ms\n    defer: [{ ${get('/undo')} }]`, 3],
  ['retry', `  - ${get('/seq/503,429,200')}\n    retry: { times: 3, delay: 1ms }`, 0],
  ['retry in vain', `  - ${get('/seq/503')}\n    retry: { times: 2, delay: 1ms }`, 4],
  [
    'retry of another status',
    `  - ${get('/seq/409,500,200')}\n    retry: { times: 2, delay: 1ms, on: [409] }`,
    4,
  ],
  ['no retry of a POST', `  - request: "POST \${base}/seq/503,200"\n    retry: { times: 2, delay: 1ms }`, 4],
  [
    'retry of a POST',
    `  - request: "POST \${base}/seq/503,200"\n    retry: { times: 2, delay: 1ms, methods: [POST] }`,
    0,
  ],
  ['Retry-After', `  - ${get('/seq/503,200?after=1')}\n    retry: { times: 1, delay: 1ms }`, 0],
  ['Retry-After of hours', `  - ${get('/seq/503,200?after=7200')}\n    retry: { times: 1, delay: 1ms }`, 4],
  ['Retry-After beyond the time-out', `  - ${get('/seq/503,200?after=9')}\n    retry: 1\n    timeout: 4s`, 4],
  [
    'retry of nothing that listens',
    '  - request: GET http://127.0.0.1:9/\n    retry: { times: 1, delay: 1ms }',
    3,
  ],
  [
    'no retry without connection',
    '  - request: GET http://127.0.0.1:9/\n    retry: { times: 1, delay: 1ms, on: [503] }',
    3,
  ],
  [
    'a retried request defers',
    `  - ${get('/seq/503,200')}\n    retry: { times: 1, delay: 1ms }\n    defer: [{ ${get('/undo')} }]`,
    0,
  ],
  [
    'what cleans up, while a cloud is busy',
    `  - ${get('/a')}\n    defer: [{ ${get('/seq/503,200')} }, { ${get('/seq/429,200')} }]`,
    0,
  ],
  [
    'what cleans up, beside other steps with a retry',
    `  - ${get('/seq/504,200')}\n    retry: { times: 1, delay: 1ms }\n    defer: [{ ${get('/seq/502,200')} }]`,
    0,
  ],
  ['a POST that cleans up', `  - ${get('/a')}\n    defer: [{ request: "POST \${base}/seq/503,200" }]`, 6],
  ['a refusal to what cleans up', `  - ${get('/a')}\n    defer: [{ ${get('/seq/500,200')} }]`, 6],
  [
    'steps that defer in their turn',
    `  - ${get('/a')}\n    defer:\n      - ${get('/undo/1')}\n        defer: [{ ${get('/undo/1/1')} }, { ${get('/undo/1/2')}, defer: [{ ${get('/undo/1/2/1')} }] }]\n      - ${get('/seq/404/2')}\n      - ${get('/seq/404/3')}\n        allow-failure: true\n  - ${get('/b')}\n    defer: [{ ${get('/undo/b')} }]`,
    6,
  ],
  [
    'names that are set again',
    `  - ${get('/a')}\n    capture: { n: $.url }\n    defer: [{ ${get('/undo${n}${response.json.url}')} }]\n  - ${get('/b')}\n    capture: { n: $.url }\n    defer: [{ ${get('/undo${n}')}, for-each: [x, y] }]\n  - ${get('/c')}`,
    0,
  ],
  [
    'items of what was done',
    `  - ${get('/a')}\n    capture: { items: $.items }\n  - for-each: \${items}\n    ${get('/do/${item.name}')}\n    capture: { u: $.url }\n    defer: [{ request: { url: "POST \${base}/undo\${u}", json: "\${item}" } }]`,
    0,
  ],
  [
    'deferred steps under a condition',
    `  - ${get('/a')}\n    defer: [{ ${get('/undo/1')}, when: { colour: red } }, { ${get('/undo/2')}, when: { colour: blue } }]`,
    0,
  ],
  [
    'an unexpected success defers',
    `  - request: { url: "GET \${base}/seq/202", expect: 200 }\n    capture: { t: $.text }\n    defer: [{ ${get('/undo/${t}')} }]`,
    4,
  ],
  ['a failing server defers', `  - ${get('/seq/500')}\n    defer: [{ ${get('/undo')} }]`, 4],
  ['a refusal defers nothing', `  - ${get('/seq/409')}\n    defer: [{ ${get('/undo')} }]`, 4],
  [
    'a lost answer defers, without what it captures',
    `  - ${get('/seq/silence')}\n    timeout: 500ms\n    capture: { t: $.text }\n    defer: [{ ${get('/undo/${t}')} }]`,
    3,
  ],
]

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  test.each(cases.map((one) => [one[0], one] as const))(
    '%s: as in osrun',
    async (_title, [, steps, exit]) => {
      const recipe = await recipeOf(
        `osrun: 1\nname: control\ninputs: { base: "", colour: blue }\nsteps:\n${steps}\n`,
      )
      const { events, result } = await runToEnd(recipe, { inputs: { base, colour: 'blue' } })
      const own = asked
      asked = []
      counts = new Map()
      const { status, stderr } = await runScript(await exported(recipe), shell, { base })
      expect([result.exit, status, stderr]).toEqual([exit, exit, stderr])
      expect(asked).toEqual(own)
      const told = events.flatMap((event) => {
        if (event.type !== 'step:end') return []
        if (event.result.status === 'failed' && event.result.mismatches.length > 0 && !event.allowedFailure)
          return event.result.mismatches.map(
            ({ subject, expected, found }) => `${subject}: expected ${expected}, found ${found}.`,
          )
        const isOwn =
          event.result.status === 'skipped' && event.result.reason !== 'an earlier step did not pass'
        return isOwn && event.result.status === 'skipped' ? [`: skipped, ${event.result.reason}.`] : []
      })
      for (const line of told) expect(stderr).toContain(line)
      expect(stderr.split('\n').filter((line) => line.includes(': skipped, '))).toHaveLength(
        told.filter((line) => line.startsWith(': skipped, ')).length,
      )
    },
  )
})
