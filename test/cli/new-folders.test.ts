import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runOsrun } from './osrun.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-new-'))
  writeFileSync(join(folder, 'r.yaml'), 'osrun: 1\nname: n\nsteps:\n  - authenticate:\n')
  writeFileSync(join(folder, 'c.sh'), 'curl http://h.test/x\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

const commands: readonly (readonly [string, readonly string[]])[] = [
  ['export', ['export', 'r.yaml', '-o', 'FILE']],
  ['docs', ['docs', '--sandbox', 'r.yaml', '-o', 'FILE']],
  ['import', ['import', '--from', 'curl', 'c.sh', '-o', 'FILE']],
  ['new', ['new', 'FILE']],
  ['report', ['run', '-q', '--sandbox', 'r.yaml', '--report', 'json=FILE']],
  ['record', ['run', '-q', '--sandbox', 'r.yaml', '--record', 'FILE']],
]
const osrun = (args: readonly string[], file: string) =>
  runOsrun(
    args.map((arg) => arg.replace('FILE', file)),
    {},
    { cwd: folder },
  )

test.each(commands)('%s makes the folder of its file', async (name, args) => {
  expect(await osrun(args, `${name}/deep/file`)).toMatchObject({ status: 0 })
  expect(readFileSync(join(folder, name, 'deep/file'), 'utf8')).not.toBe('')
})

test.each(commands)('%s says that a file is no folder, and writes nothing', async (_name, args) => {
  const { status, stderr } = await osrun(args, 'c.sh/file')
  expect(stderr).toMatch(/FILE_UNWRITABLE The \w+ "c\.sh\/file" cannot be written/)
  expect(status).toBe(1)
  expect(existsSync(join(folder, 'c.sh/file'))).toBe(false)
})
