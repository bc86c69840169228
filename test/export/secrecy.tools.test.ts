import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recipeOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { shells, startScript } from './shell.ts'

let sandbox: Sandbox
let slow: Server
let holds = 0
let onHold: (() => void) | undefined
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
  // It answers with two pages of a list, and nothing else.
  slow = createServer(({ url = '' }, response) => {
    if (url.startsWith('/list')) {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ things: [1], next: url.includes('marker') ? null : '?marker=1' }))
      return
    }
    holds += 1
    onHold?.()
  })
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  slow.closeAllConnections()
  slow.close()
  await sandbox.close()
})

const recipe = (base: string): string => `osrun: 1
name: interrupted
inputs: { version: "2.1", key: { type: string, writeOnly: true } }
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: PUT \${endpoint}/osrun-\${run.id}
    defer:
      - request: { url: "DELETE \${endpoint}/osrun-\${run.id}", expect: [204, 404] }
  - request: { url: "GET ${base}/list", token: true, query: { k: "\${key}" }, all-pages: true, microversion: "compute \${version}" }
  - request: { url: "POST ${base}/hold", token: true, headers: { X-Key: "\${key}" }, json: { key: "\${key}" }, query: { k: "\${key}" } }
`

function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')]
      } catch {
        // It ended meanwhile.
        return []
      }
    })
}

test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'under %s an interrupt in the middle leaves nothing, and no process ever shows a secret',
  async (_name, shell) => {
    const base = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`
    const script = await exported(await recipeOf(recipe(base)), undefined, [base])
    const held = new Promise<void>((resolve) => {
      onHold = resolve
    })
    const secrets = { OS_PASSWORD: sandbox.environment.OS_PASSWORD ?? '', key: 'a key of its own' }
    const running = startScript(script, shell, { ...sandbox.environment, ...secrets })
    const seen = new Set<string>()
    let done = false
    const watching = (async () => {
      while (!done) {
        for (const line of commandLines()) seen.add(line)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    await held
    for (const line of commandLines()) seen.add(line)
    const [token = 'none'] = sandbox.liveTokens()
    running.signal('SIGINT')
    const { status, stdout, stderr } = await running.ended
    done = true
    await watching
    expect([status, stderr]).toEqual([130, ''])
    expect(sandbox.liveTokens()).toEqual([])
    expect(sandbox.requests.some(({ method, path }) => method === 'DELETE' && path.includes('osrun-'))).toBe(
      true,
    )
    expect([...seen].some((line) => line.startsWith('curl\0'))).toBe(true)
    for (const secret of [...Object.values(secrets), encodeURIComponent(secrets.key), token]) {
      expect([...seen].filter((line) => line.includes(secret))).toEqual([])
      expect(stdout + stderr).not.toContain(secret)
    }
    expect(holds).toBeGreaterThan(0)
  },
)
