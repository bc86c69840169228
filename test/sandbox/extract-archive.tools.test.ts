import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { account, ask, login } from './ask.ts'

let sandbox: Sandbox
let token: string
const folder = mkdtempSync(join(tmpdir(), 'osrun-tar-'))
beforeAll(async () => {
  sandbox = await startSandbox()
  token = await login(sandbox)
  mkdirSync(join(folder, 'holiday/day 1'), { recursive: true })
  writeFileSync(join(folder, 'holiday/day 1/a.txt'), 'one')
  writeFileSync(join(folder, 'holiday/large.bin'), Buffer.alloc(3_000_000, 7))
  writeFileSync(join(folder, 'base.txt'), 'has no container')
})
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

const by = (method: string, path: string, body?: Buffer) =>
  ask(sandbox, method, `${account}${path}`, {
    headers: { 'X-Auth-Token': token, Accept: 'application/json' },
    ...(body && { body }),
  })
const report = async (path: string, body: Buffer): Promise<unknown> => (await by('PUT', path, body)).json()

test.each([
  ['gnu', [], 'tar'],
  ['posix', [], 'tar'],
  ['v7', [], 'tar'],
  ['ustar', ['-z'], 'tar.gz'],
])('what tar makes in the form %s is unpacked, with its containers', async (form, options, kind) => {
  const tar = execFileSync(
    'tar',
    [...options, `--format=${form}`, '-C', folder, '-cf', '-', 'holiday', 'base.txt'],
    {
      maxBuffer: 10_000_000,
    },
  )
  expect(await report(`?extract-archive=${kind}`, tar)).toEqual({
    'Response Status': '201 Created',
    'Response Body': '',
    'Number Files Created': 2,
    Errors: [],
  })
  expect((await by('GET', '/holiday/day%201/a.txt')).body.toString()).toBe('one')
  expect((await by('HEAD', '/holiday/large.bin')).header('Content-Length')).toBe('3000000')
  for (const name of ['/holiday/day%201/a.txt', '/holiday/large.bin', '/holiday']) await by('DELETE', name)
  expect((await by('GET', '/base.txt')).status).toBe(404)
})
