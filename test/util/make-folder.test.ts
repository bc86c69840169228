import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeFolder } from '../../src/util/files/make-folder.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-folder-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const modeOf = (path: string): number => statSync(path).mode & 0o777

test('it makes what is missing above, for the owner alone, and leaves what is there', async () => {
  chmodSync(folder, 0o755)
  await makeFolder(join(folder, 'a', 'b'))
  await makeFolder(join(folder, 'a', 'b'))
  expect([modeOf(join(folder, 'a')), modeOf(join(folder, 'a', 'b'))]).toEqual([0o700, 0o700])
  await makeFolder(folder)
  expect(modeOf(folder)).toBe(0o755)
})

test('many make the same one at once', async () => {
  const deep = join(folder, 'many', 'at', 'once')
  await Promise.all(Array.from({ length: 50 }, () => makeFolder(deep)))
  expect(modeOf(deep)).toBe(0o700)
})

test('it gives up where a file is in the way, and where nothing can be made', async () => {
  writeFileSync(join(folder, 'file'), '')
  await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(makeFolder(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  await expect(makeFolder('/proc/nope/below')).rejects.toMatchObject({ code: expect.stringMatching(/^E/) })
})
