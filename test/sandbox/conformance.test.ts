import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { type Answer, account, ask, login, parseAnswer, send } from './ask.ts'

// Exchanges with a real Keystone 22 and Swift 2.30, byte for byte: k is Keystone, s is Swift. They build on
// one another, so they are sent in the order of their names, before any of them is compared.
const folder = 'test/fixtures/samples'
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.request'))
  .map((file) => file.slice(0, -'.request'.length))
  .sort()

/** Where the sandbox answers less JSON, and why. */
const lessJson: Readonly<Record<string, string>> = {
  's01-info': 'it names only the extensions that the sandbox has',
}

let sandbox: Sandbox
// What the recorded servers called otherwise.
const renamed = new Map<string, string>()
const exchanges = new Map<string, { readonly recorded: Answer; readonly raw: Buffer }>()

beforeAll(async () => {
  sandbox = await startSandbox()
  renamed.set(recordedToken('s02-account-head'), await login(sandbox))
  renamed.set(
    recordedToken('k53-validate-others-token'),
    await login(sandbox, 'onlooker', 'onlooker-password'),
  )
  const [, host = ''] = sandbox.url.split('://')
  renamed.set('http://127.0.0.1:35357', `${sandbox.url}/identity`)
  renamed.set('127.0.0.1:35357', host)
  renamed.set('127.0.0.1:8080', host)
  const token = renamed.get(recordedToken('s02-account-head')) ?? ''
  const photo = await ask(sandbox, 'HEAD', `${account}/photos/fullsize/ovh-summit-2014-backstage-DS.jpg`, {
    headers: { 'X-Auth-Token': token },
  })
  renamed.set('7f4ba31636ad7c442a181ab594c17416', photo.header('Etag') ?? '')
  for (const name of names) {
    const recorded = parseAnswer(readFileSync(`${folder}/${name}.response`))
    const raw = await send(Number(new URL(sandbox.url).port), translated(name))
    exchanges.set(name, { recorded, raw })
    const token = recorded.header('X-Subject-Token')
    if (token !== undefined && !renamed.has(token))
      renamed.set(token, parseAnswer(raw).header('X-Subject-Token') ?? '')
  }
})
afterAll(() => sandbox.close())

test('the recorded exchanges are there', () => {
  expect(names.length).toBe(119)
})

for (const name of names) {
  test(`answers ${name} as the real server did`, () => {
    const exchange = exchanges.get(name)
    if (exchange === undefined) throw new Error('It was not sent.')
    const { recorded, raw } = exchange
    const answer = parseAnswer(raw)
    expect(answer.statusLine).toBe(recorded.statusLine)
    expect(headerNames(answer)).toEqual(headerNames(recorded))
    for (const header of sameValues) expect(headerValue(answer, header)).toBe(headerValue(recorded, header))
    expect(/^HTTP\/1.1 100 /.test(raw.toString())).toBe(name === 's56-object-put-expect')
    compareBodies(name, answer, recorded)
  })
}

const sameValues = [
  ...['Accept-Ranges', 'Allow', 'Content-Range', 'Content-Type', 'Location', 'Transfer-Encoding', 'Vary'],
  ...[
    'Www-Authenticate',
    'X-Container-Meta-Color',
    'X-Copied-From',
    'X-Copied-From-Account',
    'X-Object-Meta-Color',
  ],
  ...['X-Object-Meta-Mtime', 'X-Storage-Policy', 'x-account-project-domain-id', 'X-Container-Object-Count'],
  ...['X-Container-Bytes-Used', 'Etag'],
]

function recordedToken(name: string): string {
  return /X-Auth-Token: (\S+)/.exec(readFileSync(`${folder}/${name}.request`, 'latin1'))?.[1] ?? ''
}

function translated(name: string): Buffer {
  const bytes = readFileSync(`${folder}/${name}.request`)
  const end = bytes.indexOf('\r\n\r\n')
  const head = inSandbox(bytes.subarray(0, end).toString('latin1'))
    .replace(/^(\S+) \/v1\/GRA_/, '$1 /region-two/v1/AUTH_')
    .replace(/^(\S+) (\/\S*)/, name.startsWith('k') ? '$1 /identity$2' : '$1 $2')
  const written = Number(/^Content-Length: (\d+)/m.exec(head)?.[1] ?? 0)
  const body = Buffer.from(inSandbox(bytes.subarray(end + 4).toString('latin1')), 'latin1')
  // The recorded body of the one that is too large was cut.
  const padding = Buffer.alloc(Math.max(0, name.includes('too-large') ? written - body.length : 0), 'y')
  const length = /^Transfer-Encoding/m.test(head) ? undefined : body.length + padding.length
  const lines =
    length === undefined ? head : head.replace(/^Content-Length: \d+/m, `Content-Length: ${length}`)
  return Buffer.concat([Buffer.from(`${lines}\r\n\r\n`, 'latin1'), body, padding])
}

function inSandbox(text: string): string {
  let result = text
  for (const [theirs, ours] of renamed) result = result.replaceAll(theirs, ours)
  return result
}

function headerNames({ headers }: Answer): readonly string[] {
  return headers.map(([name]) => name).sort()
}

function headerValue(answer: Answer, header: string): string | undefined {
  return answer
    .header(header)
    ?.replace(/boundary=.*/, 'boundary=')
    .replace(/.*/, inSandbox)
}

function compareBodies(name: string, answer: Answer, recorded: Answer): void {
  const type = recorded.header('Content-Type') ?? ''
  if (recorded.header('Transfer-Encoding') === 'chunked') expect(answer.rawBody).toEqual(recorded.rawBody)
  if (recorded.body.length === 0 || answer.body.length === 0)
    expect(answer.body.length).toBe(recorded.body.length)
  else if (type.includes('json')) compareJson(name, answer.json(), recorded.json())
  else if (type.startsWith('image/') && recorded.status === 206)
    expect(answer.body.length).toBe(recorded.body.length)
  else if (type.startsWith('multipart/')) expect(partHeads(answer)).toEqual(partHeads(recorded))
  else if (type.includes('xml')) expect(withoutTimes(answer)).toBe(withoutTimes(recorded))
  else expect(answer.body.toString()).toBe(recorded.body.toString())
}

function compareJson(name: string, answer: unknown, recorded: unknown): void {
  const [ours, theirs] = [shape(answer), shape(recorded)]
  if (name in lessJson) expect([...theirs]).toEqual(expect.arrayContaining([...ours]))
  else expect([...ours].sort()).toEqual([...theirs].sort())
  expect(messageOf(answer)).toBe(messageOf(recorded))
}

// Each place of a document with the type of what stands there; all elements of a list are one place.
function shape(value: unknown, path = '$'): Set<string> {
  if (Array.isArray(value))
    return new Set([`${path}: list`, ...value.flatMap((one) => [...shape(one, `${path}[]`)])])
  if (typeof value !== 'object' || value === null)
    return new Set([`${path}: ${value === null ? 'null' : typeof value}`])
  const members = Object.entries(value).flatMap(([key, one]) => [...shape(one, `${path}.${key}`)])
  return new Set([`${path}: object`, ...members])
}

function messageOf(document: unknown): unknown {
  const { error, message } = document as { error?: { message?: unknown }; message?: unknown }
  return error?.message ?? message
}

function partHeads(answer: Answer): readonly string[] {
  return answer.body
    .toString('latin1')
    .split(/--[0-9a-f]{32}(?:\r\n|--$)/)
    .map((part) => `${part.split('\r\n\r\n')[0]} and ${part.length}`)
}

function withoutTimes(answer: Answer): string {
  return answer.body.toString().replace(/<last_modified>[^<]*/g, '<last_modified>')
}
