import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { createCurlTransport } from '../../src/http/curl/curl-transport.ts'
import { toCurl } from '../../src/http/curl-line/curl.ts'
import { createTransport } from '../../src/http/undici/undici-transport.ts'
import type { FormPart } from '../../src/model/exchange.ts'
import { describeRefusals, requestFor, send, tls } from './forms.ts'
import { okay, type RawRequest, startRawServer } from './raw-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'osrun-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fileOf = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const secret = 'pa"ss\\w$1 `x`;\\\\'
const photo = fileOf('photo.JPG', Buffer.from([0, 255, 13, 10, 45, 45]))
const odd = fileOf('a b;c,"d"\\.unknown', 'odd')
const empty = fileOf('empty.txt', '')

/** What came, with B for the boundary; the headers are those that a form has. */
function essence({ headers, body }: RawRequest): {
  readonly lines: readonly string[]
  readonly body: string
} {
  const boundary = /boundary=(\S+)/.exec(headers.join('\n'))?.[1] ?? 'no boundary'
  return {
    lines: headers
      .filter((line) => !/^(host|connection|user-agent|accept|content-length)/i.test(line))
      .map((line) => line.replace(boundary, 'B'))
      .sort(),
    body: body.toString('latin1').replaceAll(boundary, 'B'),
  }
}

const hostile: readonly (readonly [string, readonly FormPart[]])[] = [
  ['a text', [{ name: 'a', text: 'b' }]],
  ['an empty text', [{ name: 'a', text: '' }]],
  ...[
    '@/etc/passwd',
    '</etc/passwd',
    '(',
    '"quoted"',
    'a;type=text/x',
    'a\r\nb\n',
    " it's $HOME `id` ",
    'é€😀',
    '=',
    ',',
  ].map((text) => [`the text ${JSON.stringify(text)}`, [{ name: 'a', text }]] as const),
  ['a text with a type', [{ name: 'a', text: '{"b": "\\\\"}; c', type: 'application/json' }]],
  ['a type with a parameter', [{ name: 'a', text: 'b', type: 'text/plain; charset=utf-8' }]],
  ['a name with signs', [{ name: 'a "b"; c@d\n', text: 'e' }]],
  [
    'files by their endings',
    [
      { name: 'p', file: photo },
      { name: 'o', file: odd },
      { name: 'e', file: empty },
    ],
  ],
  [
    'a file with a name and a type',
    [{ name: 'p', file: photo, filename: 'x "y";.png', type: 'image/x-own' }],
  ],
  ['a file with a name', [{ name: 'p', file: odd, filename: 'x.png' }]],
  [
    'a name that comes again',
    [
      { name: 'a', text: '1' },
      { name: 'b', file: photo },
      { name: 'a', text: '2' },
    ],
  ],
  [
    'secrets',
    [
      { name: 'a', text: `-${secret}` },
      { name: 'b', file: odd },
      { name: 'c', text: `"${secret}"`, type: 'a/b' },
    ],
  ],
]

describe.each(hostile)('%s', (_name, parts) => {
  test('is the same from undici, from --via curl and from the printed line, up to the boundary', async () => {
    const { base, requests } = await startRawServer(() => okay())
    const own = await send(createTransport({ tls }), `${base}/`, parts)
    const curl = await send(
      createCurlTransport({ tls, environment: { PATH: process.env.PATH } }),
      `${base}/`,
      parts,
    )
    const names = [{ value: secret, variable: 'MINE', secret: true }]
    const line = toCurl(requestFor(`${base}/`, parts), { names, tls })
    expect(line).not.toContain(secret)
    const { stderr } = await promisify(execFile)('sh', ['-c', `${line} -s`], {
      env: { PATH: process.env.PATH, MINE: secret },
    })
    expect(stderr).toBe('')
    const [first, second, third] = requests.map(essence)
    expect(first?.lines).toEqual(
      ['content-type: multipart/form-data; boundary=B'].map((one) =>
        expect.stringMatching(RegExp(`^${one}$`, 'i')),
      ),
    )
    expect(first?.body).toMatch(/^--B\r\nContent-Disposition: form-data; name="/)
    expect(second).toEqual(first)
    expect(third).toEqual(first)
    expect(own.sentSize).toBe(requests[0]?.body.length)
    expect(curl.sentSize).toBe(requests[1]?.body.length)
  })
})

describeRefusals('curl', folder, () => createCurlTransport({ tls, environment: { PATH: process.env.PATH } }))
