import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDraft, writeWhole } from '../../src/util/files/file-draft.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-draft-'))
  path = join(folder, 'file')
})
afterEach(() => rmSync(folder, { recursive: true }))

const modeOf = (file: string): number => statSync(file).mode & 0o777

const writers: readonly (readonly [string, (to: string, text: string, mode?: number) => Promise<void>])[] = [
  ['writeWhole', writeWhole],
  [
    'openDraft',
    async (to, text, mode) => {
      const draft = openDraft(to, mode)
      draft.write(Buffer.from(text))
      draft.finish()
    },
  ],
]

describe.each(writers)('%s', (_name, write) => {
  test('replaces a link, and what it leads to stays', async () => {
    writeFileSync(join(folder, 'other'), 'as it was')
    symlinkSync('other', path)
    await write(path, 'text')
    expect([readFileSync(path, 'utf8'), lstatSync(path).isFile()]).toEqual(['text', true])
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('as it was')
    expect(readdirSync(folder)).toEqual(['file', 'other'])
  })

  test.each([
    [undefined, undefined, 0o666 & ~process.umask()],
    [0o600, undefined, 0o600],
    [0o600, 0o644, 0o600],
    [0o644, 0o640, 0o640],
    [undefined, 0o400, 0o400],
  ])('gives the mode %o over %o', async (mode, before, after) => {
    if (before !== undefined) {
      writeFileSync(path, 'before')
      chmodSync(path, before)
    }
    await write(path, 'text', mode)
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['text', after])
  })

  test.each([
    ['EISDIR', 'a-folder'],
    ['EISDIR', 'link-to-a-folder'],
    ['ENOENT', 'nothing/file'],
    ['ENOTDIR', 'a-file/file'],
    ['ELOOP', 'circle/file'],
  ])('fails with %s at %s, and leaves nothing', async (code, name) => {
    mkdirSync(join(folder, 'a-folder'))
    symlinkSync('a-folder', join(folder, 'link-to-a-folder'))
    symlinkSync('circle', join(folder, 'circle'))
    writeFileSync(join(folder, 'a-file'), '')
    const before = readdirSync(folder)
    await expect(write(join(folder, name), 'text')).rejects.toMatchObject({ code })
    expect(readdirSync(folder)).toEqual(before)
  })

  test('writes a name of 255 bytes', async () => {
    const long = join(folder, 'x'.repeat(255))
    await write(long, 'text')
    expect(readFileSync(long, 'utf8')).toBe('text')
  })

  test('writes into a device, which stays one', async () => {
    await write('/dev/null', 'text')
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true)
  })
})

test('a draft stands beside its file under a name of its own, for its owner alone where the file is', () => {
  const drafts = [openDraft(path, 0o600), openDraft(path, 0o600)]
  const names = readdirSync(folder)
  expect(names).toHaveLength(2)
  for (const name of names) {
    expect(name).toMatch(/^\.osrun-[0-9a-f]{16}\.part$/)
    expect(modeOf(join(folder, name))).toBe(0o600)
  }
  for (const draft of drafts) draft.discard()
  expect(readdirSync(folder)).toEqual([])
})

test('two drafts of one file never mix: each is whole when it is finished', () => {
  const [slow, quick] = [openDraft(path), openDraft(path)]
  slow.write(Buffer.from('sl'))
  quick.write(Buffer.from('quick'))
  slow.write(Buffer.from('ow'))
  quick.finish()
  expect(readFileSync(path, 'utf8')).toBe('quick')
  slow.finish()
  expect(readFileSync(path, 'utf8')).toBe('slow')
  expect(readdirSync(folder)).toEqual(['file'])
})

test('what is thrown away leaves the file as it was, also a second time', () => {
  writeFileSync(path, 'as it was')
  const draft = openDraft(path)
  draft.write(Buffer.from('half'))
  draft.discard()
  draft.discard()
  expect(readFileSync(path, 'utf8')).toBe('as it was')
  expect(readdirSync(folder)).toEqual(['file'])
})
