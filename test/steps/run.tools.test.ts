import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runOsrun } from '../cli/osrun.ts'
import { startProcess } from '../cli/osrun-process.ts'
import { folderOf } from '../run/included.ts'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { opening, play } from './play.ts'

let sandbox: Sandbox
let directory: string
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'osrun-script-'))
  sandbox = await startSandbox({ record: true })
})
afterEach(async () => {
  rmSync(directory, { recursive: true })
  await sandbox.close()
})

const environment = {
  PATH: process.env.PATH,
  OS_PASSWORD: 'hunter2-of-the-caller',
  SECRET_KEY: 'k-of-the-caller',
}

function script(steps: string, options: Parameters<typeof play>[2] = {}) {
  return play(sandbox, steps, { allowRun: true, directory, environment, ...options })
}

const block = (text: string, more = '') =>
  `  - run: |\n${text
    .split('\n')
    .map((line) => `      ${line}\n`)
    .join('')}${more}`

test('inputs and captures are variables, whatever is in them, and the output is one too', async () => {
  const odd = `it's "$HOME" \`id\` $(id) \\ ; rm -rf *`
  const { result } = await script(
    `${opening}  - request: HEAD /photos\n    capture: { object-count: headers.x-container-object-count }\n${block(
      'printf "%s|%s|%s|%s" "$odd" "$object_count" "$list" "$endpoint"',
    )}${block('echo "$stdout"; echo "$exit_code"')}`,
    {
      head: 'inputs: { odd: x, list: { type: array, default: [1, "a"] } }\noutputs: [stdout, exit-code]\n',
      inputs: { odd },
    },
  )
  expect(result.problem).toBeUndefined()
  const stdout = String(result.outputs?.stdout)
  expect(stdout.startsWith(`${odd}|1|[1,"a"]|http://127.0.0.1:`)).toBe(true)
  expect(stdout.endsWith('\n0')).toBe(true)
})

test('of the environment it has what programs need, and no credentials; nor a token unasked', async () => {
  const all = `${opening}  - authenticate: { as: second, fresh: true }\n${block('env; echo "dir=$PWD"')}`
  const { context, result } = await script(all)
  expect(result.problem).toBeUndefined()
  const variables = String(context.stdout)
    .split('\n')
    .map((line) => line.split('=')[0])
  expect(variables.sort()).toEqual(['PATH', 'PWD', 'SHLVL', '_', 'dir', 'endpoint'])
  expect(String(context.stdout)).toContain(`dir=${directory}`)
  const asked = await script(
    `${opening}  - run: { script: 'test "\${#token}" -gt 8; echo "$token"', token: true }\n`,
  )
  expect([asked.result.problem, asked.context.stdout]).toEqual([undefined, '***'])
})

test('what it writes is masked', async () => {
  const { events, result } = await script(block('echo "$key"; echo "no $key" >&2; exit 3'), {
    head: 'inputs: { key: { type: string, writeOnly: true } }\n',
    inputs: { key: 'swordfish-9' },
  })
  expect(JSON.stringify([events, result])).not.toContain('swordfish-9')
  expect(result.problem).toMatchObject({ code: 'SCRIPT_FAILED', hint: 'no ***', at: { line: 5 } })
  expect(result).toMatchObject({ status: 'failed', exit: 4 })
})

test('an exit status may be expected, and a missing variable or a failing command ends the script', async () => {
  const { result, context } = await script('  - run: { script: exit 3, expect: [0, 3] }\n')
  expect([result.status, context['exit-code']]).toEqual(['passed', 3])
  for (const text of ['echo "$nobody"', 'false | true', 'false; true', 'kill -9 $$'])
    expect((await script(block(text))).result.problem?.code).toBe('SCRIPT_FAILED')
})

test('at most 1 MiB of its output is kept, without half a word, and that is told', async () => {
  const { result, notices, context } = await script(block('seq -f "a word-%.0f" 300000'))
  expect(result.problem).toBeUndefined()
  expect(notices).toEqual([expect.stringContaining('1 MiB')])
  const stdout = String(context.stdout)
  expect(stdout.length).toBeGreaterThan(1_000_000)
  expect(stdout).toMatch(/(\na| a|\d)\s*$/)
})

test('a variable that is too long is an error where the script speaks of it, and else left out', async () => {
  const text = `${block('seq 40000')}${block('echo fine')}${block('echo "$stdout"')}`
  expect((await script(text)).result.problem).toBeUndefined()
  const long = `${block('seq 40000')}${block('echo "${#stdout}"')}`
  expect((await script(long)).result.problem).toMatchObject({ code: 'VALUE_INVALID' })
})

const isAlive = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(statusOf(pid))
const statusOf = (pid: number) => {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return 'State: Z'
  }
}

function written(file: string): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      if (!existsSync(file) || statSync(file).size === 0) return
      watcher.close()
      resolve(readFileSync(file, 'utf8'))
    }
    const watcher = watch(dirname(file), look)
    look()
  })
}

// A child and a grandchild that ignore a polite signal.
const stubborn =
  'trap "" TERM\nsleep 1000 &\n(trap "" TERM; echo $$ $BASHPID $! > pids.new; mv pids.new pids; sleep 1000)'

describe('it ends with all that it started', () => {
  test('at its time-out', async () => {
    const { result } = await script(block(stubborn, '    timeout: 500ms\n'))
    expect(result.problem).toMatchObject({ code: 'TIMED_OUT' })
    const pids = readFileSync(join(directory, 'pids'), 'utf8').trim().split(' ').map(Number)
    expect(pids).toHaveLength(3)
    await expect.poll(() => pids.filter(isAlive)).toEqual([])
  })

  test('at the deadline of the run', async () => {
    const { result } = await script(block('sleep 1000'), { deadline: 300 })
    expect(result.problem).toMatchObject({ code: 'DEADLINE_PASSED' })
  })

  test('when it ends by itself', async () => {
    const { result, context } = await script(block('sleep 1000 & echo $!'))
    expect(result.problem).toBeUndefined()
    await expect.poll(() => isAlive(Number(context.stdout))).toBe(false)
  })

  test('at Ctrl-C, and deferred scripts run then', async () => {
    const text = `osrun: 1\nsteps:\n${block('true', '    defer: [{ run: "echo cleaned > cleaned" }]\n')}${block(stubborn)}`
    const folder = folderOf({ 'main.yaml': text })
    const { child, ended } = startProcess(['--sandbox', '--allow-run', join(folder, 'main.yaml')])
    const pids = (await written(join(folder, 'pids'))).trim().split(' ').map(Number)
    child.kill('SIGINT')
    expect((await ended).status).toBe(130)
    await expect.poll(() => pids.filter(isAlive)).toEqual([])
    expect(readFileSync(join(folder, 'cleaned'), 'utf8')).toBe('cleaned\n')
  })
})

test('a deferred script has the names as they were, those with dashes too', async () => {
  const put = (name: string) =>
    `  - request: HEAD /${name}\n    capture: { my-size: { from: headers.content-length, pattern: ".*" } }\n    defer: [{ run: "echo size $my_size >> sizes" }]\n`
  const { result } = await script(
    `${opening}${put('photos')}${put('photos/fullsize/ovh-summit-2014-backstage-DS.jpg')}`,
  )
  expect(result.leftovers).toEqual([])
  expect(readFileSync(join(directory, 'sizes'), 'utf8')).toMatch(/^size [1-9]\d*\nsize 0\n$/)
})

test('a script of a recipe is run when it is allowed', async () => {
  const file = join(folderOf({ 'main.yaml': 'osrun: 1\nsteps:\n  - run: echo hello\n' }), 'main.yaml')
  const allowed = await runOsrun(['--sandbox', '--allow-run', file])
  expect([allowed.status, allowed.stdout]).toEqual([0, expect.stringContaining('stdout = "hello"')])
})
