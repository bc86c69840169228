import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { runRecipe } from '../../src/library/index.ts'
import { terminalReporter } from '../../src/report/terminal/terminal.ts'
import { recipeOf } from '../run/on-sandbox.ts'

const head = 'HTTP/1.1 299 Very Fine\r\nX-Case: As It Came\r\nx-lower: 1\r\nContent-Length: 2\r\n\r\n'

/** What a recipe's only request is on the wire, and what `-vv` shows of it. */
async function wireAndText(step: string): Promise<{ readonly wire: string; readonly text: string }> {
  let wire = ''
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      wire += chunk.toString()
      const isWhole = /content-length: [1-9]/.test(wire) ? wire.endsWith('end') : wire.endsWith('\r\n\r\n')
      if (isWhole) socket.end(`${head}ok`)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const recipe = await recipeOf(`osrun: 1\nname: Wire\nsteps:\n${step.replace('HOST', `127.0.0.1:${port}`)}`)
  let text = ''
  const write = (part: string): void => {
    text += part
  }
  await terminalReporter(
    runRecipe(recipe),
    { write, isTerminal: false, color: false, width: 80 },
    { verbosity: 'bodies', curl: false },
  )
  server.close()
  return { wire, text }
}

const linesOf = (text: string, sign: string): readonly string[] =>
  text.split('\n').flatMap((line) => (line.startsWith(`    ${sign}`) ? [line.slice(6)] : []))

// undici writes its own two headers in lower case; the header Connection is not of the request.
const lower = (line: string): string => line.replace(/^[\w-]+(?=:)/, (name) => name.toLowerCase())

test.each([
  [
    'GET',
    '  - request: { url: "GET http://HOST/a//b/../c?x=%20é#f", headers: { X-Odd: "1", accept: a/b } }\n',
  ],
  ['POST with a body', '  - request: { url: "POST http://HOST/", body: "the\\nend" }\n'],
  ['POST without a body', '  - request: POST http://HOST/\n'],
])('%s: the lines after > are those on the wire', async (_name, step) => {
  const { wire, text } = await wireAndText(step)
  const sent = wire.split(/\r?\n/).filter((line) => !/^connection:/i.test(line))
  // The empty line after a head is the last one when there is no body.
  const wanted = sent.at(-1) === '' ? sent.slice(0, -1) : sent
  expect(linesOf(text, '>').map(lower)).toEqual(wanted.map(lower))
})

test('the lines after < are the head and the body as they came', async () => {
  const { text } = await wireAndText('  - request: { url: GET http://HOST/, expect: 299 }\n')
  expect(linesOf(text, '<')).toEqual([...head.split('\r\n').slice(0, -1), 'ok'])
  expect(linesOf(text, '*')).toEqual([expect.stringMatching(/^\d+ ms, 2 bytes$/)])
})
