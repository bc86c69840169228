import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { nowhere } from '../nowhere.ts'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { openTerminal } from './terminal.ts'

let sandbox: Sandbox
let folder: string
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
  folder = mkdtempSync(join(tmpdir(), 'osrun-output-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await sandbox.close()
})

/** A recipe that makes a container, goes on with these steps, and deletes it at the end. */
function recipe(...steps: readonly string[]): string {
  const file = join(folder, 'recipe.yaml')
  const lines = [
    'osrun: 1',
    'steps:',
    '  - authenticate:',
    '  - pick-endpoint: object-store',
    '  - request: PUT ${endpoint}/output-${run.id}',
    '    defer: [{ request: "DELETE ${endpoint}/output-${run.id}" }]',
    ...steps.map((step) => `  - ${step}`),
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

/** A device whose disk is always full. */
function fullDisk(): number {
  const descriptor = openSync('/dev/full', 'w')
  onTestFinished(() => closeSync(descriptor))
  return descriptor
}

type Place = 'pipe' | 'ignore' | number

/** Runs words of a shell with the program as `osrun`, and gives the status and what came out of pipes. */
async function run(words: string, stdout: Place, stderr: Place) {
  const program = `osrun() { '${process.execPath}' bin/osrun.cjs "$@"; }`
  const child = spawn('bash', ['-c', `${program}; ${words}`], {
    env: { PATH: process.env.PATH, HOME: nowhere, ...sandbox.environment },
    stdio: ['ignore', stdout, stderr],
  })
  let [said, complained] = ['', '']
  child.stdout?.on('data', (part) => {
    said += String(part)
  })
  child.stderr?.on('data', (part) => {
    complained += String(part)
  })
  const [status] = await once(child, 'close')
  return { status: Number(status), said, complained }
}

function expectNothingLeft(): void {
  expect(sandbox.liveTokens()).toEqual([])
  const of = (wanted: string): number =>
    sandbox.requests.filter(({ method, path }) => method === wanted && path.includes('/output-')).length
  expect([of('PUT'), of('DELETE')]).toEqual([1, 1])
}

const failing = 'request: GET ${endpoint}/output-${run.id}/missing'

describe('a full disk', () => {
  test.each([
    ['-q', failing, 4],
    ['-vv', failing, 4],
    ['-vv', 'pause: 1ms', 1],
    ['--report json=-', 'pause: 1ms', 1],
  ])('under standard output, %s, %s', async (flags, step, exit) => {
    const { status, complained } = await run(`osrun ${flags} ${recipe(step)}`, fullDisk(), 'pipe')
    expectNothingLeft()
    expect(status).toBe(exit)
    expect(complained).toContain('OUTPUT_LOST Standard output could not be written: the disk is full.')
    expect(complained).not.toMatch(/^ +at /m)
  })

  test('under standard error', async () => {
    const { status, said } = await run(`osrun --report json=- ${recipe('pause: 1ms')}`, 'pipe', fullDisk())
    expectNothingLeft()
    expect(status).toBe(1)
    expect(JSON.parse(said)).toMatchObject({ runs: [{ result: { exit: 0 } }] })
  })

  test('under both', async () => {
    const { status } = await run(`osrun -vv ${recipe('pause: 1ms')}`, fullDisk(), fullDisk())
    expectNothingLeft()
    expect(status).toBe(1)
  })

  test.each(['--version', 'schema', '--help', 'completion bash'])('under osrun %s', async (words) => {
    const { status, complained } = await run(`osrun ${words}`, fullDisk(), 'pipe')
    expect(status).toBe(1)
    expect(complained).toMatch(/^OUTPUT_LOST Standard output could not be written: /)
    expect(complained).not.toMatch(/^ +at /m)
  })
})

test('a file that may not grow any more', async () => {
  const words = `(ulimit -f 1; osrun -vv ${recipe('pause: 1ms')} >${folder}/out)`
  const { status, complained } = await run(words, 'ignore', 'pipe')
  expectNothingLeft()
  expect(status).toBe(1)
  expect(complained).toContain(
    'OUTPUT_LOST Standard output could not be written: the file may not grow any more.',
  )
  expect(readFileSync(join(folder, 'out'))).toHaveLength(1024)
})

test.each([
  ['standard output', 'osrun -vv FILE | true; exit ${PIPESTATUS[0]}'],
  ['standard error', 'osrun -vv --report json=- FILE 2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}'],
])('a reader of %s that goes away changes nothing', async (_stream, words) => {
  for (const [step, exit] of [
    ['pause: 1ms', 0],
    [failing, 4],
  ] as const) {
    const { status, complained } = await run(words.replace('FILE', recipe(step)), 'pipe', 'pipe')
    expect({ status, complained }).toEqual({ status: exit, complained: '' })
    expect(sandbox.liveTokens()).toEqual([])
  }
})

test.each(['-q', '-vv'])('a terminal that is closed ends the run, which cleans up, %s', async (flag) => {
  const file = recipe('request: HEAD ${endpoint}/output-${run.id}', 'pause: 20s')
  const report = join(folder, 'report.json')
  const terminal = openTerminal([flag, file, '--report', `json=${report}`], sandbox.environment)
  await expect
    .poll(() => sandbox.requests.some(({ method }) => method === 'HEAD'), { timeout: 15_000 })
    .toBe(true)
  terminal.child.kill('SIGKILL')
  await terminal.status()
  await expect.poll(() => sandbox.liveTokens(), { timeout: 15_000 }).toEqual([])
  expectNothingLeft()
  await expect
    .poll(() => reportIn(report), { timeout: 5000 })
    .toMatchObject({ runs: [{ result: { exit: 130 } }] })
})

test.each([
  ['a question', 'pause: { question: "Go on?" }', [], 'Go on?'],
  ['the prompt', 'pause: 1ms', ['--break', 'pause-1'], '(osrun)'],
] as const)(
  'a terminal that is closed at %s ends the run, which cleans up',
  async (_what, step, flags, shown) => {
    const report = join(folder, 'report.json')
    const terminal = openTerminal([recipe(step), ...flags, '--report', `json=${report}`], sandbox.environment)
    await terminal.shows(shown)
    terminal.child.kill('SIGKILL')
    await terminal.status()
    await expect
      .poll(() => reportIn(report), { timeout: 15_000 })
      .toMatchObject({ runs: [{ result: { exit: 130 } }] })
    expectNothingLeft()
  },
)

test('a terminal that shows nothing more, as after Ctrl+S, holds neither the deadline nor cleaning up', async () => {
  const items = Array.from({ length: 100 }, (_, index) => index)
  const long = `X-Filler: "${'x'.repeat(3000)}"`
  const many = `{ for-each: [${items}], request: { url: "GET \${endpoint}", headers: { ${long} } } }`
  await using terminal = openTerminal(
    ['-vv', '--deadline', '4s', recipe(many, 'pause: 20s')],
    sandbox.environment,
  )
  terminal.child.stdout?.pause()
  await expect.poll(() => sandbox.liveTokens().length, { timeout: 15_000 }).toBe(1)
  await expect.poll(() => sandbox.liveTokens(), { timeout: 15_000 }).toEqual([])
  expectNothingLeft()
  terminal.child.stdout?.resume()
  expect(await terminal.status()).toBe(3)
  expect(terminal.text()).toContain('DEADLINE_PASSED')
})

function reportIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
