import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Transport } from '../../src/model/exchange.ts'
import { readLedgers } from '../../src/run/ledger/read-ledgers.ts'
import type { LedgerRecord } from '../../src/run/ledger/record.ts'
import { transportFor } from '../../src/run/send/transports.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { opening, play } from '../steps/play.ts'
import { cloudOf, loadRecipe, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'
import { formsOfSecret } from './secret-forms.ts'

let sandbox: Sandbox
let home: string
let folder: string
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
  home = mkdtempSync(join(tmpdir(), 'osrun-ledger-'))
  folder = join(home, 'osrun', 'ledgers')
})
afterEach(async () => {
  await sandbox.close()
  rmSync(home, { recursive: true })
})

const place = (): { readonly folder: string; readonly pid: number } => ({ folder, pid: process.pid })

/** What stands in the ledgers, as text. */
const written = (): string =>
  existsSync(folder)
    ? readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('')
    : ''

const records = (): readonly LedgerRecord[] =>
  written()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LedgerRecord)

/** Sends for real, and keeps what the ledger held when each changing request was about to be sent. */
function watching(answer?: (url: string) => number | undefined): {
  readonly transport: Transport
  readonly before: [line: string, records: readonly LedgerRecord[]][]
  close(): Promise<void>
} {
  const real = transportFor({})
  const before: [string, readonly LedgerRecord[]][] = []
  const transport: Transport = {
    async send(request, options) {
      if (/^(PUT|POST|DELETE|COPY)$/.test(request.method) && !request.url.endsWith('/auth/tokens'))
        before.push([`${request.method} ${new URL(request.url).pathname.split('/').at(-1)}`, records()])
      const response = await real.send(request, options)
      const status = answer?.(`${request.method} ${request.url}`)
      return status === undefined ? response : { ...response, status }
    },
    close: () => real.close(),
  }
  return { transport, before, close: () => real.close() }
}

const container = `${opening}  - request: PUT /kept-a-while
    defer: [{ request: { url: DELETE /kept-a-while, expect: [204, 404] } }]
`

test('what is created stands in the ledger before its request is sent, and no file is there at the end', async () => {
  const { transport, before, close } = watching()
  const { result } = await play(
    sandbox,
    `${container}  - request: { url: PUT /kept-a-while/a, body: text }
    defer: [{ request: DELETE /kept-a-while/a }]
`,
    { ledger: place(), transport },
  )
  await close()
  expect(result.status).toBe('passed')
  const seen = before.map(([line, all]) => [line, all.map(({ kind }) => kind).join(' ')])
  expect(seen).toEqual([
    ['PUT kept-a-while', 'run create'],
    ['PUT a', 'run create create'],
    ['DELETE a', 'run create create'],
    ['DELETE kept-a-while', 'run create create gone'],
  ])
  expect(before[0]?.[1][1]).toMatchObject({
    service: 'object-store',
    method: 'PUT',
    deferred: true,
    deletes: [expect.stringMatching(/\/kept-a-while$/)],
    identity: sandbox.authUrl,
    scope: expect.stringMatching(/^project /),
    token: { auditId: expect.stringMatching(/./), expiresAt: expect.stringMatching(/Z$/) },
  })
  expect(readdirSync(folder)).toEqual([])
})

test('its owner alone can read it, and the folder', async () => {
  let modes: readonly number[] = []
  const { transport, close } = watching(() => {
    const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
    if (files.length > 0) modes = [folder, ...files].map((path) => statSync(path).mode & 0o777)
    return undefined
  })
  await play(sandbox, container, { ledger: place(), transport })
  await close()
  expect(modes).toEqual([0o700, 0o600])
})

test('a recipe that creates nothing makes no file and no folder', async () => {
  const recipe = await loadRecipe('recipes/object-metadata.yaml')
  const cloud = await cloudOf(sandbox.environment)
  const { result } = await runToEnd(recipe, { cloud, ledger: place() })
  expect(result.status).toBe('passed')
  expect(readdirSync(home)).toEqual([])
})

test('a run without a ledger writes nothing', async () => {
  await play(sandbox, container)
  expect(readdirSync(home)).toEqual([])
})

const credentials = '${token.identity_url}/users/${token.user.id}/application_credentials'
const posting = `  - authenticate:
  - request:
      url: POST ${credentials}
      json: { application_credential: { name: "osrun-\${run.id}", description: d } }
      expect: 201
    capture: { made: $.application_credential.id, secret: $.application_credential.secret }
    defer: [{ request: "DELETE ${credentials}/\${made}" }]
`

test('a POST is written down by its name before, and by its URL once the answer tells it', async () => {
  const { transport, before, close } = watching()
  const { result } = await play(sandbox, posting, { ledger: place(), transport })
  await close()
  expect(result.status).toBe('passed')
  const [posted, deleted] = before.map(([, all]) => all.slice(1))
  expect(posted).toMatchObject([{ kind: 'create', name: `osrun-${result.runId}`, deletes: [] }])
  expect(deleted).toMatchObject([
    { kind: 'create' },
    { kind: 'known', deletes: [expect.stringMatching(/\/application_credentials\/[0-9a-f]{32}$/)] },
  ])
  expect(readdirSync(folder)).toEqual([])
})

test('a second POST that captures the same names is not written down by the first one’s URL', async () => {
  const { transport, before, close } = watching()
  const twice = posting + posting.replace('  - authenticate:\n', '').replaceAll('osrun-', 'other-')
  await play(sandbox, twice, { ledger: place(), transport })
  await close()
  expect(before[1]?.[1].at(-1)).toMatchObject({ kind: 'create', entry: 2, deletes: [] })
})

test('a creation that was refused is struck out', async () => {
  const { transport, before, close } = watching((line) => (/^PUT .*refused/.test(line) ? 403 : undefined))
  await play(sandbox, `${container.replaceAll('kept-a-while', 'refused')}  - assert: { status: 418 }\n`, {
    ledger: place(),
    transport,
  })
  await close()
  expect(before).toHaveLength(1)
  expect(readdirSync(folder)).toEqual([])
})

test('an answer of 500 leaves it written down until its deletion was seen', async () => {
  const { transport, close } = watching((line) =>
    /^(PUT|DELETE) /.test(line) && !/tokens/.test(line) ? 500 : undefined,
  )
  const { result, notices } = await play(sandbox, container, { ledger: place(), transport })
  await close()
  expect(result.leftovers).toHaveLength(1)
  const { ledgers } = await readLedgers(folder)
  expect(ledgers).toMatchObject([{ ended: true, left: [{ deferred: true }] }])
  expect(notices.filter((notice) => notice.includes('osrun sweep'))).toHaveLength(1)
})

test('what the deferred step finds gone already, 404, is struck out', async () => {
  const { result } = await play(sandbox, `${container}  - request: DELETE /kept-a-while\n`, {
    ledger: place(),
  })
  expect(result.status).toBe('passed')
  expect(readdirSync(folder)).toEqual([])
})

test('plain PUTs of objects are written down, and struck out when the recipe that leaves them passed', async () => {
  const { transport, before, close } = watching()
  const steps = `${opening}  - request: { url: PUT /photos/left.txt, body: text }\n  - request: { url: PUT /photos/second.txt, body: text }\n`
  await play(sandbox, steps, { ledger: place(), transport })
  await close()
  expect(before.map(([, all]) => all.length)).toEqual([2, 3])
  expect(before[0]?.[1][1]).toMatchObject({ deferred: false, deletes: [expect.stringMatching(/left\.txt$/)] })
  expect(readdirSync(folder)).toEqual([])
})

test.each([
  ['a copy', '{ url: COPY /photos/PHOTO, headers: { Destination: photos/the%20copy } }', 'photos/the%20copy'],
  [
    "a copy in another's account",
    '{ url: COPY /photos/PHOTO, headers: { Destination: /theirs/copy, Destination-Account: AUTH_other } }',
    'v1/AUTH_other/theirs/copy',
  ],
  ['what a temporary URL brings', '{ url: "PUT ${signed}", body: text, token: false }', 'photos/by-url.txt'],
  ['an archive', '{ url: "PUT /photos/here?extract-archive=tar", body: text }', 'photos'],
])('%s is written down by what it creates', async (_what, request, made) => {
  const { transport, before, close } = watching()
  const photo = 'fullsize/ovh-summit-2014-backstage-DS.jpg'
  const steps = `${opening}  - sign: { method: PUT, url: /photos/by-url.txt, key: a-key }
  - request: ${request.replace('PHOTO', photo)}
`
  await play(sandbox, steps, { ledger: place(), transport })
  await close()
  const [, entry] = before[0]?.[1] ?? []
  expect(entry).toMatchObject({ deferred: false, deletes: [expect.stringMatching(new RegExp(`/${made}$`))] })
  expect(JSON.stringify(entry)).not.toMatch(/sig=|temp_url/)
})

test('an archive that is unpacked in an account is not written down: nobody knows its containers', async () => {
  const { transport, before, close } = watching()
  const steps = `${opening}  - request: { url: "PUT \${endpoint}?extract-archive=tar", body: text }\n`
  await play(sandbox, steps, { ledger: place(), transport })
  await close()
  expect(before.map(([, all]) => all)).toEqual([[]])
})

test('a request for no token of anything but the object store is not written down', async () => {
  const { transport, before, close } = watching()
  const steps = `${opening}  - request: { url: "PUT http://127.0.0.1:1/elsewhere/x", token: false }\n`
  await play(sandbox, steps, { ledger: place(), transport })
  await close()
  expect(before.map(([, all]) => all)).toEqual([[]])
})

test('an object within a container that could not be deleted stays written down', async () => {
  const { result } = await play(
    sandbox,
    `${container}  - request: { url: PUT /kept-a-while/inside, body: text }\n  - assert: { status: 418 }\n`,
    { ledger: place() },
  )
  expect(result.leftovers).toHaveLength(1)
  const { ledgers } = await readLedgers(folder)
  expect(ledgers[0]?.left.map(({ deletes: [url] }) => url?.split('/').at(-1))).toEqual([
    'kept-a-while',
    'inside',
  ])
})

test('no byte of it is a secret, in whatever spelling', async () => {
  const secret = 'pass wörd&"x'
  const texts: string[] = []
  const { transport, close } = watching(() => void texts.push(written()))
  const { result } = await play(
    sandbox,
    `${opening}  - request: PUT /kept-\${key}
    defer: [{ request: "DELETE /kept-\${key}" }]
  - request:
      url: PUT /photos/\${key}.txt
      query: { sig: "\${key}" }
      json: { name: "\${key}" }
    defer: [{ request: "DELETE /photos/\${key}.txt" }]
`,
    {
      ledger: place(),
      transport,
      inputs: { key: secret },
      head: 'inputs: { key: { type: string, writeOnly: true } }\n',
    },
  )
  await close()
  expect(result.problem).toBeUndefined()
  const all = texts.join('')
  expect(all).toContain('kept-***')
  assertNoSecret(all, 'a ledger')
  for (const form of formsOfSecret(secret)) expect(all).not.toContain(form)
})

test('a signature in a query is not written down', async () => {
  const { transport, before, close } = watching()
  const signed = `${opening}  - request: { url: PUT /photos/signed.txt, query: { signature: abcdef }, body: text }
    defer: [{ request: { url: DELETE /photos/signed.txt, query: { signature: abcdef } } }]
`
  const { result } = await play(sandbox, signed, { ledger: place(), transport })
  await close()
  expect(result.leftovers).toEqual([])
  expect(JSON.stringify(before)).toContain('signed.txt')
  expect(JSON.stringify(before)).not.toContain('abcdef')
  expect(readdirSync(folder)).toEqual([])
})

test('a ledger that cannot be written is told once, and the run goes on', async () => {
  const { result, notices } = await play(sandbox, container, {
    ledger: { folder: '/dev/null/ledgers', pid: process.pid },
  })
  expect(result.status).toBe('passed')
  expect(notices.filter((notice) => notice.includes('/dev/null/ledgers'))).toHaveLength(1)
})
