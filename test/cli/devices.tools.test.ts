import { execFile, execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exported, runScript } from '../export/shell.ts'
import { answeringServer } from '../run/answering-server.ts'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-devices-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A pipe that somebody reads, in place of a device: nothing of the machine is in danger. */
function pipe(name: string): { readonly path: string; readonly heard: Promise<{ readonly stdout: string }> } {
  const path = join(folder, name)
  execFileSync('mkfifo', [path])
  return { path, heard: promisify(execFile)('cat', [path]) }
}

const recipe = (url: string, path: string): string =>
  `osrun: 1\nname: saves\nsteps:\n  - request: { url: "GET ${url}/", save-to: "${path}" }\n`

test.each(['undici', 'curl'])(
  'save-to and reports are written into what is no file, via %s',
  async (name) => {
    const via = name === 'curl' ? ['--via', 'curl'] : []
    await using server = await answeringServer(() => ({ json: { a: 1 } }))
    const [body, report] = [pipe(`body${name}`), pipe(`report${name}`)]
    const file = join(folder, 'recipe.yaml')
    writeFileSync(file, recipe(server.url, body.path))
    await promisify(execFile)(process.execPath, [
      'bin/osrun.cjs',
      file,
      '--sandbox',
      ...via,
      '--report',
      `json=${report.path}`,
    ])
    expect((await body.heard).stdout).toBe('{"a":1}')
    expect((await report.heard).stdout).toContain('"passed"')
    expect([body, report].map(({ path }) => lstatSync(path).isFIFO())).toEqual([true, true])
  },
)

test('a script writes what it saves into what is no file', async () => {
  await using server = await answeringServer(() => ({ json: { a: 1 } }))
  const { path, heard } = pipe('script')
  const shellScript = await exported(await recipeOf(recipe(server.url, path)))
  const ended = runScript(shellScript, ['dash'], {})
  expect((await heard).stdout).toBe('{"a":1}')
  const { stderr } = await ended
  expect([lstatSync(path).isFIFO(), stderr.includes('cannot be written')]).toEqual([true, false])
})

test('a pipe that nobody reads is told, and holds nothing up', async () => {
  await using server = await answeringServer(() => ({ json: { a: 1 } }))
  const path = join(folder, 'unread')
  execFileSync('mkfifo', [path])
  const { result } = await runToEnd(await recipeOf(recipe(server.url, path), folder), {})
  expect(result.problem).toMatchObject({
    code: 'FILE_UNWRITABLE',
    message: `The file "${path}" cannot be written: nothing reads from it.`,
  })
  expect(lstatSync(path).isFIFO()).toBe(true)
})

test('a report to a pipe that nobody reads is told after a moment, and one whose reader comes late is written', async () => {
  const file = join(folder, 'piped.yaml')
  writeFileSync(file, 'osrun: 1\nname: x\nsteps:\n  - authenticate:\n')
  const path = join(folder, 'report-pipe')
  execFileSync('mkfifo', [path])
  const run = () =>
    promisify(execFile)(
      process.execPath,
      ['bin/osrun.cjs', '--sandbox', file, '-q', '--report', `json=${path}`],
      {
        timeout: 20_000,
      },
    )
  await expect(run()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nothing reads from it'),
  })
  const reader = promisify(execFile)('sh', ['-c', `sleep 1; cat '${path}'`], { timeout: 20_000 })
  await run()
  expect(JSON.parse((await reader).stdout).runs).toHaveLength(1)
})

test('a report to /dev/stdout goes to where standard output was led, after what is there', async () => {
  const out = join(folder, 'out')
  const file = join(folder, 'recipe.yaml')
  writeFileSync(file, 'osrun: 1\nname: x\nsteps:\n  - authenticate:\n')
  writeFileSync(out, 'before\n')
  const command = `node bin/osrun.cjs -q --sandbox ${file} --report json=/dev/stdout >>${out}`
  await promisify(execFile)('sh', ['-c', command])
  expect(readFileSync(out, 'utf8')).toMatch(/^before\n.*"passed"/s)
  expect(lstatSync('/dev/stdout').isSymbolicLink()).toBe(true)
})
