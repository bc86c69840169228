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
  'cut.har': '{"log": {"entries": [\n  {"request": {"method": "GET", "url": "http://h/"}},\n  {"requ',
  'no-url.har': `{"log": {"entries": [\n${'  {"request": {"method": "GET", "url": "http://h/"}},\n'.repeat(3)}  {"request": {}}\n]}}`,
  'quotes.sh': "# one\ncurl -H 'X-A: b http://h/\n",
  'input.yaml': 'osrun: 1\nname: n\ninputs: { word: one }\nsteps:\n  - request: GET http://h/${word}\n',
  'unreadable.yaml': Buffer.from([0x6f, 0x73, 0xff, 0xfe]),
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
  [
    'an inputs file that is not there',
    ['explain', 'input.yaml', '--inputs', 'gone.yaml'],
    1,
    'gone.yaml" cannot be read: there is no such file or folder.',
  ],
  ['a folder to import', ['import', 'folder'], 1, 'cannot be read: it is a folder.'],
  [
    'a script for a folder that is a file',
    ['export', 'ok.yaml', '-o', 'ok.yaml/x.sh'],
    1,
    'ok.yaml/x.sh" cannot be written: ',
  ],
  ['a recipe to export that is not there', ['export', 'gone.yaml'], 2, 'There is no recipe "'],
  [
    'an input that the script would not have',
    ['export', 'ok.yaml', '--input=name=1'],
    1,
    'INPUT_UNKNOWN The recipe',
  ],
  ['a recipe to explain that is not there', ['explain', 'gone.yaml'], 2, 'There is no recipe "'],
  ['a folder to export', ['export', 'folder'], 2, 'folder" holds no .yaml file.'],
  ['a folder to explain', ['explain', 'folder'], 2, 'folder" holds no .yaml file.'],
  ['a recipe that is no text', ['explain', 'unreadable.yaml'], 2, 'unreadable.yaml:1:3 RECIPE_SYNTAX'],
  ['an export that is no text', ['export', 'unreadable.yaml'], 2, 'unreadable.yaml:1:3 RECIPE_SYNTAX'],
  ['a flag that export has not', ['export', 'ok.yaml', '--frob'], 1, "USAGE_INVALID Unknown option '--frob'"],
  [
    'a flag that explain has not',
    ['explain', 'ok.yaml', '--frob'],
    1,
    "USAGE_INVALID Unknown option '--frob'",
  ],
  ['a flag that import has not', ['import', 'ok.yaml', '--frob'], 1, "USAGE_INVALID Unknown option '--frob'"],
  ['a shell without completion', ['completion', '--', 'tcsh'], 1, 'Allowed choices are bash, zsh, fish.'],
  ['another program to send by', ['run', 'ok.yaml', '--via=wget'], 1, '--via takes undici or curl'],
  ['a HAR file that is cut', ['import', 'cut.har'], 2, 'cut.har:3:9 IMPORT_INVALID The HAR file is no JSON'],
  ['an entry without a URL', ['import', 'no-url.har'], 2, 'no-url.har:5:3 IMPORT_INVALID Entry 4 of the HAR'],
  ['a quote that is open', ['import', 'quotes.sh'], 2, 'quotes.sh:2:9 IMPORT_INVALID The shell would not'],
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

test('what is given at the export are the defaults of the script', async () => {
  const given = await runOsrun(['export', join(folder, 'input.yaml'), '--input', "word=it's two"])
  expect(given).toMatchObject({ status: 0, stderr: '' })
  expect(given.stdout).toContain(`\nword=\${word-'it'\\''s two'}\n`)
})
