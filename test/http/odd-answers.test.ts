import { expect, test } from 'vitest'
import { refusedByCurl, takenByCurl } from './odd-answers.ts'
import { sender, startRawServer, textOf } from './raw-server.ts'

async function ask(answer: string): Promise<unknown> {
  const { base } = await startRawServer((_, socket) => void socket.end(Buffer.from(answer, 'latin1')))
  return sender()('GET', `${base}/a`).then(textOf, (error: unknown) => error)
}

test.each(takenByCurl)('$what: taken, or told with the way out', async ({ answer, fault }) => {
  const outcome = await ask(answer)
  if (fault === '') expect(outcome).toBe('hello')
  else
    expect(outcome).toMatchObject({
      code: 'RESPONSE_INVALID',
      message: expect.stringContaining(fault),
      hint: '`--via curl` takes it.',
    })
})

test.each(refusedByCurl)('$what: refused, and curl is no way out', async ({ answer, fault }) => {
  const outcome = await ask(answer)
  expect(outcome).toMatchObject({ code: 'RESPONSE_INVALID', message: expect.stringContaining(fault) })
  expect(outcome).not.toMatchObject({ hint: expect.stringContaining('curl') })
})

test('a head or trailers that are too long are told by their bounds', async () => {
  const long = `HTTP/1.1 200 OK\r\n${`X-L: ${'k'.repeat(9000)}\r\n`.repeat(60)}\r\n`
  const trailers = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${`X: ${'y'.repeat(1000)}\r\n`.repeat(20)}\r\n`
  for (const answer of [long, trailers])
    expect(await ask(answer)).toMatchObject({
      code: 'RESPONSE_INVALID',
      message: expect.stringContaining('headers of more than 512 KiB, or trailers of more than 16 KiB'),
    })
})
