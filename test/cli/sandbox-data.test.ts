import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { account, login } from '../sandbox/ask.ts'
import { asker, newData } from '../sandbox/kept.ts'
import { runOsrun } from './osrun.ts'
import { serveSandbox } from './serve-sandbox.ts'

const secrets = { OSRUN_SANDBOX_PASSWORD: 'pw' }

test('A signal ends it, and what was answered is there', async () => {
  const data = newData()
  const first = await serveSandbox(['--data', data], secrets)
  const token = await login(first, 'learner', 'pw')
  await (await asker(first, token))('PUT', `${account}/photos/a`, {}, 'kept')
  expect(await first.stop()).toMatchObject({ status: 0, stderr: expect.stringContaining(data) })
  const second = await serveSandbox(['--data', data], secrets)
  expect((await (await asker(second, token))('GET', `${account}/photos/a`)).body.toString()).toBe('kept')
  await second.stop()
})

test('A folder in use is refused with one message, and goes on being used', async () => {
  const data = newData()
  const first = await serveSandbox(['--data', data], secrets)
  const { status, stdout, stderr } = await runOsrun(['sandbox', '--data', data], secrets)
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^DATA_UNUSABLE .*another sandbox uses it\.\n/)
  expect((await (await asker(first))('HEAD', `${account}/photos`)).status).toBe(204)
  await first.stop()
})

test.each([
  ['a file', () => 'package.json', 'it is no folder'],
  ['a folder of something else', () => 'docs', 'it holds something else'],
  ['one below a folder that is not there', () => join(newData(), 'below'), 'there is no such file or folder'],
  ['one where nothing can be made', () => '/proc/kept', 'there is no such file or folder'],
])('%s is refused with one message', async (_, path, why) => {
  const { status, stdout, stderr } = await runOsrun(['sandbox', '--data', path()], secrets)
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr.replaceAll('\n  ', ' ')).toContain(why)
  expect(stderr).toMatch(/^DATA_UNUSABLE /)
})

test('Files are for their owner alone, and the process makes others as ever', async () => {
  const data = newData()
  const umask = process.umask()
  const sandbox = await serveSandbox(['--data', data, '--tls'], secrets)
  await sandbox.stop()
  expect(process.umask()).toBe(umask)
  const modes = readdirSync(data, { recursive: true, withFileTypes: true }).map(
    ({ parentPath, name }) => statSync(join(parentPath, name)).mode & 0o077,
  )
  expect(modes.length).toBeGreaterThan(3)
  expect(modes.filter((mode) => mode !== 0)).toEqual([])
})

test('Without --data nothing is left', async () => {
  const folder = newData()
  mkdirSync(folder)
  const sandbox = await serveSandbox(['--tls'], {}, { temporary: folder })
  expect(dirname(dirname(sandbox.environment.OS_CACERT ?? ''))).toBe(folder)
  await sandbox.stop()
  expect(readdirSync(folder)).toEqual([])
})
