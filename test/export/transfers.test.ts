import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { totpCode } from '../../src/sandbox/keystone/totp.ts'
import { needs } from '../needs.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { exported, runScript, shells } from './shell.ts'

needs('curl', 'jq', 'dash', 'busybox')

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
