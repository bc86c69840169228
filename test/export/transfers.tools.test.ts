import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseRecipe } from '../../src/recipe/parse.ts'
import { totpCode } from '../../src/sandbox/keystone/login/totp.ts'
import { verbs } from '../../src/steps/index.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { runScript, shells } from './shell.ts'

let sandbox: Sandbox
let server: Server
let folder: string
let base: string
let asked: string[] = []
beforeAll(async () => {
  sandbox = await startSandbox()
  folder = mkdtempSync(join(tmpdir(), 'osrun-transfers-'))
  server = createServer((request, response) => {
    const { method, url = '', headers } = request
    asked.push(`${method} ${url} ${headers['x-own']} ${headers['x-auth-token']}`)
    const to = { '/a': '/b', '/b': `http://localhost:${port()}/c`, '/round': '/round' }[url]
    response.writeHead(to === undefined ? 200 : 307, to === undefined ? {} : { Location: to }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  base = `http://127.0.0.1:${port()}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
  await sandbox.close()
})

function port(): number {
  return (server.address() as AddressInfo).port
}

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  test('files go up and come down whole', async () => {
    const [up, down] = [join(folder, 'up $x.bin'), join(folder, 'down.bin')]
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_one, index) => index % 251))
    writeFileSync(up, bytes)
    const recipe = await recipeOf(`osrun: 1
name: files
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: { url: PUT /photos/transfer, file: ${JSON.stringify(up)}, expect: 201 }
    capture: { etag: headers.etag }
    defer: [{ request: DELETE /photos/transfer }]
  - request: { url: GET /photos/transfer, save-to: ${JSON.stringify(down)} }
  - assert: { md5: "\${etag}", size: 70000 }
`)
    const { status, stderr } = await runScript(await exported(recipe), shell, sandbox.environment)
    expect([status, stderr]).toEqual([0, ''])
    expect(readFileSync(down).equals(bytes)).toBe(true)
  })

  test('a value in a path does not lead out of the folder of its literal part, as in osrun', async () => {
    for (const name of ['top', 'top/recipes', 'top/elsewhere']) mkdirSync(join(folder, name))
    const directory = join(folder, 'top/recipes')
    const old = join(folder, 'top/elsewhere/old')
    symlinkSync('../elsewhere', join(directory, 'door'))
    symlinkSync('../elsewhere/old', join(directory, 'link'))
    const text = (request: string): string =>
      `osrun: 1\nname: values\ninputs: { name: "" }\nsteps:\n  - request: { url: "PUT ${base}/c", ${request} }\n`
    const statuses = async (request: string, names: readonly string[]): Promise<unknown> => {
      const recipe = parseRecipe(text(request), { file: 'values.yaml', directory, verbs })
      const script = await exported(recipe)
      const runs = names.map(async (name) => {
        const own = (await runToEnd(recipe, { inputs: { name } })).result.exit
        return [name, own, (await runScript(script, shell, { name })).status]
      })
      return Promise.all(runs)
    }
    writeFileSync(old, 'as it was')
    expect(await statuses('save-to: "${name}"', ['plain', 'a..b', 'link'])).toEqual([
      ['plain', 0, 0],
      ['a..b', 0, 0],
      ['link', 0, 0],
    ])
    expect(await statuses('file: "${name}"', ['plain'])).toEqual([['plain', 0, 0]])
    symlinkSync('../elsewhere/old', join(directory, 'link.txt'))
    const out = ['../elsewhere/old', old, 'door/new', 'a/../../elsewhere/new', '..']
    const refused = (names: readonly string[]): unknown => names.map((name) => [name, 3, 3])
    expect(await statuses('save-to: "${name}"', out)).toEqual(refused(out))
    expect(await statuses('save-to: "./${name}"', out)).toEqual(refused(out))
    for (const request of ['file: "${name}"', 'multipart: { a: { file: "${name}" } }'])
      expect(await statuses(request, [...out.slice(0, 2), 'link.txt', 'door/old'])).toEqual(
        refused([...out.slice(0, 2), 'link.txt', 'door/old']),
      )
    expect(readdirSync(join(folder, 'top/elsewhere'))).toEqual(['old'])
    expect(readFileSync(old, 'utf8')).toBe('as it was')
    rmSync(join(folder, 'top'), { recursive: true })
  })

  test('a file that the caller names starts from the current folder, and holds values', async () => {
    for (const name of ['named', 'named/recipes', 'named/to']) mkdirSync(join(folder, name))
    const directory = join(folder, 'named/recipes')
    writeFileSync(join(folder, 'named/up'), 'of the caller')
    writeFileSync(join(directory, 'own'), 'of the recipe')
    const text = `osrun: 1
name: named
inputs: { up: { type: string, format: path, default: own }, to: { type: string, format: path, default: . }, name: a }
steps:
  - request: { url: "PUT ${base}/c", file: "\${up}" }
  - request: { url: "GET ${base}/c", save-to: "\${to}/\${name}" }
`
    const script = await exported(parseRecipe(text, { file: 'named.yaml', directory, verbs }))
    expect(await runScript(script, shell, {})).toMatchObject({ status: 0, stderr: '' })
    expect(readdirSync(directory)).toEqual(['a', 'own'])
    const given = { up: '../named/up', to: join(folder, 'named/to') }
    expect(await runScript(script, shell, { ...given, up: join(folder, 'named/up') })).toMatchObject({
      status: 0,
    })
    expect((await runScript(script, shell, given)).stderr).toContain('/../named/up" cannot be read.')
    expect((await runScript(script, shell, { to: given.to, name: '../x' })).status).toBe(3)
    expect(readdirSync(given.to)).toEqual(['a'])
    rmSync(join(folder, 'named'), { recursive: true })
  })

  test('redirects keep the method and lose the token on another origin, as in osrun', async () => {
    const recipe = await recipeOf(`osrun: 1
name: redirects
inputs: { base: "" }
steps:
  - request: { url: "DELETE \${base}/a", headers: { X-Own: here, X-Auth-Token: abc }, token: true }
  - request: { url: "GET \${base}/a", redirect: false, expect: 307 }
  - request: { url: "GET \${base}/round" }
`)
    asked = []
    const { result } = await runToEnd(recipe, { inputs: { base } })
    const own = asked
    asked = []
    const { status } = await runScript(await exported(recipe), shell, { base })
    expect([result.exit, status]).toEqual([3, 3])
    expect(asked).toEqual(own)
  })

  test('a second factor goes with the password', async () => {
    const environment = {
      OS_AUTH_URL: sandbox.authUrl,
      OS_USERNAME: 'careful',
      OS_USER_DOMAIN_ID: 'default',
      OS_PASSWORD: 'careful-password',
      OS_PROJECT_NAME: 'workshop',
      OS_PROJECT_DOMAIN_NAME: 'Default',
      OS_AUTH_TYPE: 'v3multifactor',
      OS_AUTH_METHODS: 'v3password,v3totp',
      OS_PASSCODE: totpCode(Buffer.from('12345678901234567890'), Math.floor(Date.now() / 30_000)),
    }
    const recipe = await recipeOf('osrun: 1\nname: login\nsteps:\n  - authenticate:\n')
    const script = await exported(recipe, await cloudOf(environment))
    const { status, stderr } = await runScript(script, shell, environment)
    expect([status, stderr]).toEqual([0, ''])
    const wrong = await runScript(script, shell, { ...environment, OS_PASSCODE: '000000' })
    expect(wrong.status).toBe(5)
  })
})
