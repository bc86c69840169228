import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SafeEvent } from '../../src/model/event.ts'
import { terminalReporter } from '../../src/report/terminal/terminal.ts'
import { runRecipe } from '../../src/run/recipe/run-recipe.ts'
import { cloudOf, loadRecipe, recipeOf, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
})
afterAll(() => sandbox.close())

// Into a shell that reads one line after the other, as it gets those that are pasted, and has the OS_* variables alone.
async function pasted(shell: string, lines: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const child = spawn(shell, ['-s'], {
    env: { PATH: process.env.PATH, ...sandbox.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.end(lines.map((line) => `${line}\n`).join(''))
  await new Promise((resolve) => child.on('close', resolve))
  return { stdout: stdout.replaceAll('\r', ''), stderr }
}

function linesOf(events: readonly SafeEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === 'exchange') return event.paste ?? [event.curl]
    return event.type === 'context' && event.paste !== undefined ? [event.paste] : []
  })
}

const asked = (from: number): readonly string[] =>
  sandbox.requests.slice(from).map(({ method, path }) => `${method} ${path}`)

test.each(['dash', 'bash'])(
  'what the guide prints, pasted into %s, comes to the 190046 bytes',
  async (shell) => {
    let text = ''
    const run = runRecipe(await loadRecipe('recipes/object-metadata.yaml'), {
      cloud: await cloudOf(sandbox.environment),
    })
    const write = (more: string): void => {
      text += more
    }
    const output = { write, isTerminal: false, color: false, width: 80 }
    await terminalReporter(run, output, { verbosity: 'normal', curl: true })
    const before = sandbox.requests.length
    const lines = [...text.matchAll(/^ +\$ (.*)$/gm)].map(([, line = '']) => line)
    expect(lines.length).toBeGreaterThanOrEqual(6)
    const { stdout } = await pasted(shell, lines)
    expect(stdout.toLowerCase()).toContain('\ncontent-length: 190046\n')
    expect(stdout).toMatch(/^HTTP\/1\.1 204/m)
    expect(asked(before).length).toBe(4)
    expect(sandbox.liveTokens()).toEqual([])
  },
)

// What their steps make has other names and ids in the shell than in the run.
test.each([
  'recipes/auth-application-credential.yaml',
  'recipes/course/02-scopes.yaml',
  'recipes/object-roundtrip.yaml',
  'recipes/token-revoke.yaml',
])('the lines of %s, pasted, send what the run sent', async (file) => {
  const cloud = await cloudOf(sandbox.environment)
  const start = sandbox.requests.length
  const { events, result } = await runToEnd(await loadRecipe(file), { cloud })
  expect(result.exit).toBe(0)
  const middle = sandbox.requests.length
  const { stderr } = await pasted('dash', linesOf(events))
  expect(stderr).not.toMatch(/not found|syntax|error/i)
  const forms = (paths: readonly string[]): readonly string[] =>
    paths.map((path) => path.replace(/(?<=application_credentials\/)\w+/, 'ID'))
  expect(forms(asked(middle))).toEqual(forms(asked(start).slice(0, middle - start)))
  expect(sandbox.liveTokens()).toEqual([])
})

test('a key that a recipe makes up is a variable in its lines, which say how a shell gets one', async () => {
  const recipe = await recipeOf(`osrun: 1
name: Key
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request:
      url: PUT \${endpoint}/keyed-\${run.id}
      headers: { X-Container-Meta-Temp-URL-Key: "key-\${run.id}" }
    defer:
      - request: DELETE \${endpoint}/keyed-\${run.id}
`)
  const { events } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
  const lines = linesOf(events)
  expect(lines.join('\n')).not.toContain('***')
  const before = sandbox.requests.length
  await pasted('dash', lines)
  const put = sandbox.requests.slice(before).find(({ method }) => method === 'PUT')
  const key = put?.headers.find(([name]) => /temp-url-key/i.test(name))?.[1]
  expect(key).toMatch(/^[0-9a-f]{32}$/)
})

test('a temporary URL is signed anew in the shell, which downloads by it', async () => {
  const recipe = await loadRecipe('recipes/course/10-temp-url.yaml')
  const { events, result } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
  expect(result.exit).toBe(0)
  const lines = linesOf(events)
  expect(lines.join('\n')).not.toContain('***')
  const { stdout } = await pasted('dash', lines)
  // One by the key, and one by another key, which is refused.
  expect(stdout).toContain('Hello from osrun')
  expect(stdout.match(/HTTP\/1\.1 401/g)).toHaveLength(1)
  expect(stdout).not.toMatch(/HTTP\/1\.1 (403|5)/)
})
