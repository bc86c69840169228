import { execFile } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startByteServer } from './byte-server.ts'
import { sender, textOf } from './raw-server.ts'

/** How many answers are tried; `npm run judges` tries many. */
const count = process.env.OSRUN_JUDGES === 'yes' ? 3000 : 100

const plainLines = fc.constantFrom(
  'X-A: b',
  'X-A:b',
  'X-Empty:',
  'X-A: caf\u00e9',
  'Content-Type: text/plain',
  `X-Long: ${'k'.repeat(20_000)}`,
)
const plain = {
  start: fc.constantFrom('', 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'),
  status: fc.constantFrom(
    'HTTP/1.1 200 OK',
    'HTTP/1.1 200',
    'HTTP/1.0 200 OK',
    'HTTP/1.1 404 Not Found',
    'HTTP/1.1 599 x',
  ),
  lines: fc.array(plainLines, { maxLength: 3 }),
  framing: fc.constantFrom<Framing>(
    [['Content-Length: 5'], 'hello'],
    [['content-length:5'], 'hello'],
    [[], 'hello'],
    [['Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n'],
    [['Transfer-Encoding: chunked'], '5;a=b\r\nhello\r\n0\r\nX-T: y\r\n\r\n'],
  ),
  isFirst: fc.boolean(),
  end: fc.constant('\r\n'),
}
type Framing = readonly [headers: readonly string[], body: string]

/** Each answer has one of these at most: of two faults osrun tells the first, and curl may refuse the other. */
const oddities = {
  start: fc.constantFrom('HTTP/1.1 100 Continue\r\n\r\n'),
  status: fc.constantFrom(
    'HTTP/1.2 200 OK',
    'HTTP/1.1 99 x',
    'HTTP/1.1 1000 x',
    'HTTP/2 200',
    'http/1.1 200 OK',
    'ICY 200 OK',
  ),
  lines: fc
    .tuple(
      fc.constantFrom(
        'X-A: one\r\n two',
        'X-A: one\r\n\ttwo',
        'X-A: a\x01b',
        'X-A: a\x7fb',
        'X A: b',
        'X-A : b',
        'X-\u00e9: b',
        ': b',
        'nonsense',
        'X-A: a\rb',
        'X-A: a\0b',
      ),
      fc.array(plainLines, { maxLength: 2 }),
    )
    .map(([odd, more]) => [odd, ...more]),
  framing: fc.constantFrom<Framing>(
    [['Content-Length: 5', 'Content-Length: 5'], 'hello'],
    [['Content-Length: 5, 5'], 'hello'],
    [['Content-Length: 6', 'Content-Length: 5'], 'hello'],
    [['Content-Length: +5'], 'hello'],
    [['Content-Length: -5'], 'hello'],
    [['Content-Length: 9'], 'hello'],
    [['Transfer-Encoding: chunked'], '5 \r\nhello\r\n0\r\n\r\n'],
    [['Transfer-Encoding: chunked'], '5\nhello\n0\n\n'],
    [['Transfer-Encoding: chunked'], 'xyz\r\nhello\r\n'],
    [['Transfer-Encoding: chunked', 'Content-Length: 5'], '5\r\nhello\r\n0\r\n\r\n'],
    [['Content-Length: 5', 'Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n'],
  ),
  end: fc.constant('\n'),
}
const answers = fc
  .oneof(
    fc.record(plain),
    fc.record({ ...plain, start: oddities.start }),
    fc.record({ ...plain, status: oddities.status }),
    fc.record({ ...plain, lines: oddities.lines }),
    fc.record({ ...plain, framing: oddities.framing }),
    fc.record({ ...plain, end: oddities.end }),
  )
  .map(({ start, status, lines, framing: [framing, body], isFirst, end }) => {
    const headers = isFirst ? [...lines, ...framing] : [...framing, ...lines]
    return `${start}${[status, ...headers, '', ''].join(end)}${body}`
  })

// Status and body, or undefined where curl refuses.
function byCurl(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const told = ['--write-out', '%{stderr}%{http_code}']
    execFile(
      'curl',
      ['-q', '-s', '--http1.1', '--max-time', '5', ...told, url],
      { encoding: 'latin1' },
      (error, out, err) => resolve(error ? undefined : `${err} ${out}`),
    )
  })
}

test('what curl takes of an answer is taken, or refused with that way out', {
  timeout: 600_000,
}, async () => {
  let answer = ''
  const server = await startByteServer((socket) => socket.end(answer, 'latin1'))
  const send = sender()
  const counts = { taken: 0, wayOut: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(answers, async (one) => {
      answer = one
      const theirs = await byCurl(server.url)
      const ours = await send('GET', server.url).then(
        (response) => `${response.status} ${textOf(response)}`,
        ({ code, hint }: { readonly code: string; readonly hint?: string }) => ({ code, hint }),
      )
      if (typeof ours === 'string') counts.taken++
      else if (theirs === undefined) counts.refused++
      else counts.wayOut++
      if (theirs === undefined) expect(ours).not.toMatchObject({ hint: expect.stringContaining('curl') })
      else if (typeof ours === 'string') expect(ours).toBe(theirs)
      else expect(ours).toEqual({ code: 'RESPONSE_INVALID', hint: '`--via curl` takes it.' })
    }),
    { numRuns: count },
  )
  await server.close()
  console.info(
    `answers: ${counts.taken} taken, ${counts.wayOut} refused with the way out, ${counts.refused} refused as by curl`,
  )
})
