import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TempUrlGrant } from '../../src/model/temp-url.ts'
import { tempUrl } from '../../src/openstack/temp-url.ts'
import { startRecordingServer } from '../http/recording-server.ts'
import { recipeOf } from '../run/on-sandbox.ts'
import { whereIs } from '../where-is.ts'
import { exported } from './exported.ts'
import { runScript, shells } from './shell.ts'

let server: Awaited<ReturnType<typeof startRecordingServer>>
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const keys = [
  'a key',
  'k'.repeat(64),
  'k'.repeat(65),
  'k'.repeat(129),
  'two\nlines',
  `p'a$s "w\\rd\` %41 $(id)`,
  'cl\u00e9 \u20ac\ud83d\ude00',
  '-hmac',
  '\n\n',
]
const options: readonly Partial<TempUrlGrant>[] = [
  {},
  { digest: 'sha1' },
  { ipRange: '192.0.2.0/24' },
  { digest: 'sha512', method: 'PUT' },
  { prefix: 'a b%' },
  { prefix: '', ipRange: '192.0.2.1' },
]
type Case = Omit<TempUrlGrant, 'url' | 'expires'>
const cases = keys.map(
  (key, index): Case => ({ key, digest: 'sha256', method: 'GET', ...options[index % options.length] }),
)
const name = 'a b%25\\0101/\u00e9\\c?#'
const encoded = '/v1/AUTH_x/c%41/a%20b%2525%5C0101/%C3%A9%5Cc%3F%23'

const recipe = `osrun: 1
name: Signed
inputs:
  base: ""
  name: ""
${cases.map((_, index) => `  key${index}: { type: string, writeOnly: true }\n`).join('')}steps:
${cases
  .map(({ key: _, ipRange, ...more }, index) => {
    const all = { ...more, ...(ipRange !== undefined && { 'ip-range': ipRange }) }
    const grant = Object.entries(all).map(([option, value]) => `${option}: ${JSON.stringify(value)}`)
    return `  - sign: { url: "\${base}/v1/AUTH_x/c%41/\${name}?q=1", key: "\${key${index}}", as: my-url, ${grant.join(', ')} }
  - request: { url: "GET \${my-url}", token: false }
`
  })
  .join('')}`

test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'under %s a script signs what osrun does, whatever the key',
  async (_name, shell) => {
    server.take()
    const inputs = Object.fromEntries(cases.map(({ key }, index) => [`key${index}`, key]))
    const { base } = server
    const end = await runScript(await exported(await recipeOf(recipe)), shell, { ...inputs, base, name })
    expect([end.status, end.stderr]).toEqual([0, ''])
    const paths = server.take().map(({ path }) => path)
    const wanted = cases.map((grant, index) => {
      const expires = Number(/temp_url_expires=(\d+)/.exec(paths[index] ?? '')?.[1])
      expect(Math.abs(expires - 600 - Date.now() / 1000)).toBeLessThan(60)
      return tempUrl({ ...grant, expires, url: `${base}${encoded}?q=1` })?.url.slice(base.length)
    })
    expect(paths).toEqual(wanted)
  },
)

test('neither key nor signature is shown, nor given to a program as an argument', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-sign-'))
  // Each program that the script starts writes down its arguments first.
  for (const program of ['curl', 'jq', 'openssl', 'od', 'tr', 'cut', 'sed', 'cat'])
    writeFileSync(
      join(folder, program),
      `#!/bin/sh\nprintf '%s\\n' "${program} $*" >>"$LOG"\nexec ${whereIs(program)} "$@"\n`,
      { mode: 0o755 },
    )
  const log = join(folder, 'log')
  const told = await recipeOf(`osrun: 1
name: Signed
inputs: { base: "", key: { type: string, writeOnly: true } }
steps:
  - sign: { url: "\${base}/v1/AUTH_x/c/o", key: "\${key}" }
  - request: { url: "GET \${signed}", token: false, expect: 200 }
  - request: { url: "GET \${signed}", token: false, expect: 204 }
`)
  const key = 'a key of its own'
  server.take()
  const end = await runScript(await exported(told), ['dash'], {
    PATH: `${folder}:${process.env.PATH}`,
    LOG: log,
    base: server.base,
    key,
  })
  const seen = readFileSync(log, 'utf8')
  rmSync(folder, { recursive: true })
  expect(end.status).toBe(4)
  const signature = /temp_url_sig=(\w{64})/.exec(server.take()[0]?.path ?? '')?.[1] ?? 'none'
  expect(seen).toContain('openssl dgst')
  for (const shown of [seen, end.stdout, end.stderr])
    for (const secret of [key, Buffer.from(key).toString('hex'), signature])
      expect(shown).not.toContain(secret)
})

test('a failure masks the URL', async () => {
  const told = await recipeOf(`osrun: 1
name: Signed
inputs: { key: { type: string, writeOnly: true } }
steps:
  - sign: { url: "http://127.0.0.1:1/v1/AUTH_x/c/o", key: "\${key}" }
  - request: { url: "GET \${signed}", token: false }
`)
  const end = await runScript(await exported(told), ['dash'], { key: 'a key of its own' })
  expect(end.status).toBe(3)
  expect(end.stderr).toContain('GET ***')
  expect(end.stderr).not.toContain('temp_url_sig')
})

test.each([
  'http://127.0.0.1:1/v1/AUTH_x/c',
  'http://127.0.0.1:1/v1/AUTH_x/c/%ff',
  'http://127.0.0.1:1/v1/AUTH_x/c/o%',
  'http://127.0.0.1:1/v2/AUTH_x/c/o',
])('%s is no URL of an object', async (url) => {
  const told = await recipeOf(
    `osrun: 1\nname: Signed\ninputs: { url: "" }\nsteps:\n  - sign: { url: "\${url}", key: k }\n`,
  )
  const end = await runScript(await exported(told), ['dash'], { url })
  expect(end).toMatchObject({ status: 3 })
  expect(end.stderr).toContain('Only the URL of an object')
})

test('without openssl the script says so before it begins; one that does not sign needs none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-sign-'))
  for (const program of ['curl', 'jq', 'mktemp', 'rm', 'date', 'od', 'tr', 'cat'])
    symlinkSync(whereIs(program), join(folder, program))
  const signs = await recipeOf(
    `osrun: 1\nname: Signed\nsteps:\n  - sign: { url: "http://127.0.0.1:1/v1/a/c/o", key: k }\n`,
  )
  const end = await runScript(await exported(signs), [whereIs('dash')], { PATH: folder })
  expect(end).toMatchObject({ status: 1, stdout: '', stderr: 'This script needs openssl.\n' })
  rmSync(folder, { recursive: true })
  const plain = await exported(
    await recipeOf(
      'osrun: 1\nname: Plain\nsteps:\n  - request: { url: "GET http://127.0.0.1:1/", token: false }\n',
    ),
  )
  expect(plain).not.toContain('openssl')
})
