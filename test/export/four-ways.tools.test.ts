import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCurlTransport } from '../../src/library/curl.ts'
import { createTransport } from '../../src/library/index.ts'
import { type Recorded, startRecordingServer } from '../http/recording-server.ts'
import { cloudOf, recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { runScript } from './shell.ts'

const values: readonly string[] = [
  '',
  `p'a$s "w\\rd`,
  '`id` $(id) ${HOME} $',
  '!! a!b %41%2F%%',
  'a\nb\n',
  'a\rb\r\n',
  'gr\u00fc\u00dfe \u20ac \u65e5\u672c \ud83d\ude00 \u2018quoted\u2019 \u201ctwice\u201d \u00a0\u0085',
  '-x',
  '@file',
  '  two\tblanks ',
  "(a)*~;'{}[1-3]\\(1)?b#c&d=e+f",
  '" \\',
  'x'.repeat(65_536),
]

// Unlike what is public, which would be a variable too; hostile at both its ends, and no argument is longer than 128 KiB.
const secretOf = (value: string): string =>
  value === '' ? '' : value.length > 1000 ? `S${value}` : `${value}S${value}`

/** What a request is made of: the value is an input, a secret input, or stands in the recipe itself. */
const places = {
  password: 'the password of a user',
  public: 'object name, header and text body',
  secret: 'header and text body, as a secret',
  json: 'query, and a JSON body with it and as a secret',
  form: 'a form',
  written: 'all of them, written in the recipe',
} as const
type Place = keyof typeof places

const isFitForHeaders = (value: string): boolean => !/[\n\r]/.test(value)

function stepsOf(value: string, index: number): string {
  const [v, s] = [`\${v${index}}`, `\${s${index}}`]
  // Double quotes of YAML are those of JSON.
  const literal = JSON.stringify(value.replaceAll('${', () => '$${'))
  const [inHeader, secretInHeader, literalInHeader] = isFitForHeaders(value)
    ? [`"${v}"`, `"${s}"`, literal]
    : ['unfit', 'unfit', 'unfit']
  return `
  - authenticate: { as: t${index}, password: "${s}", auth-url: "\${base}/keystone/${index}/v3", fresh: true }
  - request:
      url: PUT \${endpoint}/public/${index}/${v}/x
      headers: { X-Object-Meta-A: ${inHeader}, X-Part: ${inHeader === 'unfit' ? 'unfit' : `"-${v}-"`} }
      body: "${v}"
  - request:
      url: POST \${endpoint}/secret/${index}
      headers: { X-Object-Meta-S: ${secretInHeader}, Content-Type: text/plain }
      body: "<${s}>"
  - request:
      url: POST \${endpoint}/json/${index}
      query: { q: "${v}" }
      json: { v: "${v}", s: "${s}", part: ["-${v}-", "-${s}-", 1, null], "k$'\\"": true }
  - request: { url: "PATCH \${endpoint}/form/${index}", form: { f: "${v}", g: [1, "${v}"] } }
  - request:
      url: POST \${endpoint}/written/${index}
      headers: { X-Own: ${literalInHeader} }
      ${value.length > 1000 ? 'body' : `query: { a: ${literal} }\n      json`}: ${literal}
`
}

type Way = { readonly name: string; readonly requests: ReadonlyMap<string, Recorded> }

const ways: Way[] = []
let server: Awaited<ReturnType<typeof startRecordingServer>>
let folder: string

// One run for each way, since every process costs time.
beforeAll(async () => {
  server = await startRecordingServer()
  folder = await mkdtemp(join(tmpdir(), 'osrun-four-'))
  const { base } = server
  const inputs: Record<string, string> = { base }
  for (const [index, value] of values.entries())
    Object.assign(inputs, { [`v${index}`]: value, [`s${index}`]: secretOf(value) })
  const recipe = await recipeOf(recipeText())
  const environment = {
    OS_AUTH_URL: `${base}/keystone/main/v3`,
    OS_USERNAME: 'someone',
    OS_PASSWORD: 'of nobody else',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_NAME: 'workshop',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  }
  const cloud = await cloudOf(environment)
  const lines: string[][] = []
  for (const [name, make] of [
    ['undici', createTransport],
    ['curl', createCurlTransport],
  ] as const) {
    const transport = make({ tls: cloud.tls, environment: { PATH: process.env.PATH } })
    const { events, result } = await runToEnd(recipe, { cloud, environment, inputs, transport })
    await transport.close()
    expect(result.problem).toBeUndefined()
    lines.push(events.flatMap((event) => (event.type === 'exchange' ? [event.curl] : [])))
    ways.push({ name, requests: byPlace(server.take()) })
  }
  expect(lines[1]).toEqual(lines[0])
  const tokens = Object.fromEntries(values.map((_value, index) => [`t${index}`, tokenOf(String(index))]))
  const variables = { ...environment, ...inputs, ...tokens, token: tokenOf('main'), endpoint: `${base}/v1` }
  const file = join(folder, 'lines.sh')
  writeFileSync(file, lines[0]?.join('\n') ?? '')
  for (const shell of ['dash', 'bash']) {
    const ended = await runFile(shell, file, variables)
    expect(ended).toBe(0)
    ways.push({ name: `the printed lines in ${shell}`, requests: byPlace(server.take()) })
  }
  const script = await exported(recipe, cloud)
  const { status, stderr } = await runScript(script, ['dash'], { ...environment, ...inputs })
  expect([status, stderr]).toEqual([0, ''])
  ways.push({ name: 'the script', requests: byPlace(server.take()) })
}, 300_000)
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

function recipeText(): string {
  const names = values.flatMap((_value, index) => [
    `  v${index}: ""`,
    `  s${index}: { type: string, writeOnly: true, default: "" }`,
  ])
  return `osrun: 1\nname: four ways\ninputs:\n  base: ""\n${names.join('\n')}\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n${values.map(stepsOf).join('')}`
}

const tokenOf = (name: string): string => `token-of-${name}-${'x'.repeat(20)}`

async function runFile(
  shell: string,
  file: string,
  variables: Readonly<Record<string, string>>,
): Promise<number | null> {
  const child = spawn(shell, [file], { env: { PATH: process.env.PATH, ...variables }, stdio: 'ignore' })
  return new Promise((resolve) => child.on('close', resolve))
}

function byPlace(requests: readonly Recorded[]): ReadonlyMap<string, Recorded> {
  const found = new Map<string, Recorded>()
  for (const request of requests) {
    const [, keystone] = /^\/keystone\/(\d+)\//.exec(request.path) ?? []
    const [, place, index] = /^\/v1\/(\w+)\/(\d+)/.exec(request.path) ?? []
    if (keystone !== undefined && request.method === 'POST') found.set(`password ${keystone}`, request)
    if (place !== undefined) found.set(`${place} ${index}`, request)
  }
  return found
}

const cells = values.flatMap((value, index) =>
  (Object.keys(places) as Place[]).map((place) => ({
    place,
    index,
    what: `${JSON.stringify(value.slice(0, 40))} as ${places[place]}`,
  })),
)

describe('undici, curl, the printed line and the script send the same method, path, headers and body', () => {
  test.each(cells)('with $what', ({ place, index }) => {
    const [first, ...others] = ways.map(({ name, requests }) => ({
      name,
      sent: requests.get(`${place} ${index}`),
    }))
    expect(first?.sent).toBeDefined()
    for (const { name, sent } of others) expect({ name, ...sent }).toEqual({ name, ...first?.sent })
  })
})

test.each(['a\nX-Injected: 1', 'a\r', '\u0001', '\u007f'])(
  'the header %j is refused by all: it is not sent, and no line is printed that would send it',
  async (value) => {
    const recipe = await recipeOf(
      'osrun: 1\nname: refused\ninputs: { base: "", v: "" }\nsteps:\n  - request: { url: "GET ${base}/", headers: { X-A: "<${v}>" } }\n',
    )
    const inputs = { base: server.base, v: value }
    for (const make of [createTransport, createCurlTransport]) {
      const transport = make({ tls: { insecure: false }, environment: { PATH: process.env.PATH } })
      const { events, result } = await runToEnd(recipe, { inputs, transport })
      await transport.close()
      expect(result).toMatchObject({ exit: 3, problem: { code: 'URL_INVALID' } })
      expect(events.filter(({ type }) => type === 'exchange')).toEqual([])
    }
    expect((await runScript(await exported(recipe), ['dash'], inputs)).status).toBe(3)
    expect(server.take()).toEqual([])
  },
)
