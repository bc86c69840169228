import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { assertNoSecret } from '../secrets/canary.ts'
import { startStranger } from '../steps/play.ts'
import { type Ended, runOsrun } from './osrun.ts'

let stranger: Awaited<ReturnType<typeof startStranger>>
let home: string
beforeEach(async () => {
  stranger = await startStranger()
  home = mkdtempSync(join(tmpdir(), 'osrun-last-'))
  mkdirSync(join(home, 'suite'))
})
afterEach(async () => {
  await stranger.close()
  rmSync(home, { recursive: true })
})

const environment = (): Readonly<Record<string, string>> => ({
  OS_AUTH_TYPE: 'none',
  OS_ENDPOINT: stranger.url,
  XDG_STATE_HOME: join(home, 'state'),
})
const remembered = (): string => join(home, 'state', 'osrun', 'last-failed')
const run = (...flags: readonly string[]): Promise<Ended> =>
  runOsrun([join(home, 'suite'), ...flags], environment())

/** Recipes that are answered so, each with its name as its tag. */
function write(statuses: Readonly<Record<string, string>>): void {
  for (const [name, path] of Object.entries(statuses))
    writeFileSync(
      join(home, 'suite', `${name}.yaml`),
      `osrun: 1\nname: ${name}\ntags: [${name}]\nsteps:\n  - request: GET ${stranger.url}/${path}\n`,
    )
}

/** The recipes that ran, as the output tells them. */
const ran = ({ stdout }: Ended): readonly string[] =>
  [...stdout.matchAll(/^[✓✗] (\w+):/gm)].map(([, name = '']) => name)

test('it runs what failed, until that passes, and then everything', async () => {
  write({ a: 'a', b: 'status/500', c: 'c', d: 'status/404' })
  expect((await run()).status).toBe(4)
  const failed = await run('--last-failed')
  expect(ran(failed)).toEqual(['b', 'd'])
  expect(failed).toMatchObject({ status: 4, stderr: '' })
  write({ b: 'b' })
  expect(ran(await run('--last-failed'))).toEqual(['b', 'd'])
  write({ d: 'd' })
  const mended = await run('--last-failed')
  expect(ran(mended)).toEqual(['d'])
  expect(mended.status).toBe(0)
  const all = await run('--last-failed')
  expect(ran(all)).toEqual(['a', 'b', 'c', 'd'])
  expect(all.stderr).toMatch(/^note: None of these recipes failed/)
  expect(all.status).toBe(0)
  expect(readdirSync(remembered())).toEqual([])
})

test('what ran in part leaves the rest as it was', async () => {
  write({ a: 'status/500', b: 'status/500', c: 'c' })
  await run()
  write({ a: 'a' })
  await run('--tag', 'a')
  expect(ran(await run('--last-failed'))).toEqual(['b'])
})

test('--tag and --shard choose first', async () => {
  write({ a: 'status/500', b: 'status/500', c: 'c', d: 'status/500' })
  await Promise.all([run('--shard', '1/2'), run('--shard', '2/2')])
  expect(ran(await run('--last-failed', '--shard', '1/2'))).toEqual(['a'])
  expect(ran(await run('--last-failed', '--shard', '2/2'))).toEqual(['b', 'd'])
  expect(ran(await run('--last-failed', '--tag', 'd'))).toEqual(['d'])
  const other = await run('--last-failed', '--tag', 'c')
  expect(ran(other)).toEqual(['c'])
  expect(other.stderr).toMatch(/^note: None of these recipes failed/)
})

test('other paths are remembered for themselves', async () => {
  write({ a: 'status/500', b: 'b' })
  await run()
  const { stderr } = await runOsrun(['-q', join(home, 'suite', 'a.yaml'), '--last-failed'], environment())
  expect(stderr).toMatch(/^note: None/)
  expect(ran(await run('--last-failed'))).toEqual(['a'])
})

test('recipes that were not begun have not passed', async () => {
  write({ a: 'a', b: 'status/500', c: 'c' })
  await run('--fail-fast')
  expect(ran(await run('--last-failed', '--list'))).toEqual([])
  expect((await run('--last-failed', '--list')).stdout.match(/\w+\.yaml/g)).toEqual(['b.yaml', 'c.yaml'])
})

test('with --repeat a recipe has passed when it has passed every time', async () => {
  write({ a: 'a', b: 'status/500' })
  await run('--repeat', '2')
  expect(ran(await run('--last-failed'))).toEqual(['b'])
})

test('its owner alone can read it, and it holds paths alone', async () => {
  write({ a: 'status/500', b: 'b' })
  await runOsrun(['-q', join(home, 'suite')], { ...environment(), OSRUN_INPUT_x: 'learner-password' })
  const [name = ''] = readdirSync(remembered())
  expect([remembered(), join(remembered(), name)].map((path) => statSync(path).mode & 0o777)).toEqual([
    0o700, 0o600,
  ])
  const text = readFileSync(join(remembered(), name), 'utf8')
  assertNoSecret(text, 'what failed')
  const [a, b] = ['a', 'b'].map((one) => join(home, 'suite', `${one}.yaml`))
  expect(text).toBe(`${JSON.stringify({ begun: [a, b] })}\n${JSON.stringify({ passed: [b] })}\n`)
})

test('a state that cannot be written or read is a note, and no failure', async () => {
  write({ a: 'a' })
  const nowhere = await runOsrun(['-q', join(home, 'suite'), '--last-failed'], {
    ...environment(),
    XDG_STATE_HOME: '/dev/null',
  })
  expect(nowhere.status).toBe(0)
  expect(nowhere.stderr).toMatch(/^note: What failed cannot be .*\/dev\/null/m)
  await run()
  mkdirSync(remembered(), { recursive: true })
  write({ a: 'status/500' })
  await run()
  const [name = ''] = readdirSync(remembered())
  writeFileSync(join(remembered(), name), '{"begun":[1,null]}\n\u0000nonsense\n[]\nnull\n{"passed":7}\n')
  expect(await run('--last-failed')).toMatchObject({
    status: 4,
    stderr: expect.stringMatching(/^note: None/),
  })
})

test('a file that has grown long is written anew', async () => {
  write({ a: 'status/500', b: 'b' })
  await run()
  const [name = ''] = readdirSync(remembered())
  const file = join(remembered(), name)
  writeFileSync(file, `${readFileSync(file, 'utf8').repeat(3000)}`)
  await run()
  expect(readdirSync(remembered())).toEqual([name])
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify({ begun: [join(home, 'suite', 'a.yaml')] })}\n`)
})
