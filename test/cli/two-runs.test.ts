import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../run/on-sandbox.ts'
import { startStranger } from '../steps/play.ts'
import { runOsrun, startOsrun } from './osrun.ts'
import { serveSandbox } from './serve-sandbox.ts'

// Whoever runs the command line in a process of theirs may do so twice at once.

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'osrun-two-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}

test('two runs at once have an environment, a folder, inputs and reports each', async () => {
  await using sandbox = await startSandbox({ record: true })
  const recipe = (name: string): string =>
    `osrun: 1\nname: ${name}\ninputs: { who: nobody }\nsteps:\n  - authenticate:\n  - assert: { context: { who: ${name} } }\n`
  const folders = ['one', 'two'].map((name) => folder({ 'a.yaml': recipe(name) }))
  const ended = await Promise.all(
    folders.map((cwd, index) =>
      runOsrun(
        ['a.yaml', '--report', 'junit=out.xml', '--record', 'out.rec'],
        { ...sandbox.environment, OSRUN_INPUT_who: ['one', 'two'][index] },
        { cwd },
      ),
    ),
  )
  expect(ended.map(({ status, stderr }) => ({ status, stderr }))).toEqual([
    { status: 0, stderr: '' },
    { status: 0, stderr: '' },
  ])
  expect(
    folders.map((path) => /<testsuite name="(\w+)"/.exec(readFileSync(join(path, 'out.xml'), 'utf8'))?.[1]),
  ).toEqual(['one', 'two'])
  expect(folders.map((path) => readdirSync(path).sort())).toEqual([
    ['a.yaml', 'out.rec', 'out.xml'],
    ['a.yaml', 'out.rec', 'out.xml'],
  ])
  expect(existsSync('out.xml')).toBe(false)
})

test('a signal to one of two runs leaves the other alone', async () => {
  await using sandbox = await startSandbox({ record: true })
  const stranger = await startStranger()
  const cwd = folder({
    'a.yaml': `osrun: 1\nname: A\nsteps:\n  - authenticate:\n  - request: GET ${stranger.url}/never\n`,
  })
  const [one, other] = [0, 1].map(() => startOsrun(['a.yaml'], sandbox.environment, { cwd }))
  await expect.poll(() => stranger.heard, { timeout: 20_000 }).toHaveLength(2)
  one?.signal('SIGINT')
  expect((await one?.ended)?.status).toBe(130)
  expect(sandbox.liveTokens()).toHaveLength(1)
  await stranger.close()
  expect((await other?.ended)?.status).toBe(3)
  expect(sandbox.liveTokens()).toEqual([])
})

test('the folder of a run is where its paths begin, also those of an openrc, a sandbox and its data', async () => {
  const cwd = folder({ 'a.yaml': 'osrun: 1\nname: A\nsteps:\n  - authenticate:\n', 'values.json': '{}' })
  await using sandbox = await serveSandbox(['--data', 'kept', '--openrc', 'rc', '--tls'], {}, { cwd })
  expect(readdirSync(cwd)).toEqual(expect.arrayContaining(['kept', 'rc']))
  expect(sandbox.environment.OS_CACERT).toBe(join(cwd, 'kept', 'ca.pem'))
  const told = await runOsrun(['-q', '.', '--openrc', 'rc', '--inputs', 'values.json'], {}, { cwd })
  expect(told).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^✓ A: passed/) })
  const script = await runOsrun(['export', 'a.yaml', '-o', 'a.sh'], {}, { cwd })
  expect([script.status, existsSync(join(cwd, 'a.sh'))]).toEqual([0, true])
})
