import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runOsrun } from './osrun.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-bad-'))
  mkdirSync(join(folder, 'folder'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
})
afterAll(() => rmSync(folder, { recursive: true }))

const files: Readonly<Record<string, string | Buffer>> = {
  'binary.sh': Buffer.concat([
    Buffer.from('# one\ncurl http://h/ -d "'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"\n'),
  ]),
  'empty.sh': '',
  'ok.yaml': 'osrun: 1\nname: ok\nsteps:\n  - request: GET http://h/\n',
}

test.each([
  [
    'bytes that are no text',
    ['import', 'binary.sh'],
    2,
    'binary.sh:2:20 IMPORT_INVALID This byte is no UTF-8',
  ],
  ['an empty file', ['import', 'empty.sh'], 2, 'empty.sh:1:1 IMPORT_INVALID There is nothing to import.\n'],
  ['a file that is not there', ['import', 'gone.sh'], 1, 'cannot be read: there is no such file or folder.'],
  ['a folder to import', ['import', 'folder'], 1, 'cannot be read: it is a folder.'],
  [
    'a script for a folder that is not there',
    ['export', 'ok.yaml', '-o', 'gone/x.sh'],
    1,
    'gone/x.sh" cannot be written: there is no such file or folder.',
  ],
  ['a recipe to export that is not there', ['export', 'gone.yaml'], 2, 'There is no recipe "'],
  ['a recipe to explain that is not there', ['explain', 'gone.yaml'], 2, 'There is no recipe "'],
  ['a folder to export', ['export', 'folder'], 2, 'folder" holds no .yaml file.'],
])('%s is told in words', async (_what, [command = '', ...rest], wanted, words) => {
  const args = rest.map((word) => (word.startsWith('-') ? word : join(folder, word)))
  const { status, stdout, stderr } = await runOsrun([command, ...args])
  expect(stderr.replaceAll('\n  ', ' ')).toContain(words)
  expect({ status, stdout }).toEqual({ status: wanted, stdout: '' })
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(stderr).not.toContain('neither a command')
})

test.each([
  [
    'of a file from Windows are no part of its lines',
    'curl http://h/a \\\r\n  -H "X-A: b"\r\ncurl http://h/b\r\n',
  ],
  ['of Unix stay as they are', 'curl http://h/a \\\n  -H "X-A: b"\ncurl http://h/b\n'],
])('line ends %s', async (_what, text) => {
  writeFileSync(join(folder, 'lines.sh'), text)
  const { status, stdout, stderr } = await runOsrun(['import', join(folder, 'lines.sh')])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('url: GET http://h/a\n      headers: { X-A: b }\n')
  expect(stdout).toContain('- request: GET http://h/b\n')
})
