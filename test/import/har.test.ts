import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { importRecipe } from '../../src/import/import-recipe.ts'

const url = 'https://example.org/v1/AUTH_a/c'

/** What becomes of entries of a HAR file that is written in one line. */
function imported(...requests: readonly object[]) {
  const entries = requests.map((request) => ({
    request: { method: 'POST', url, ...request },
    response: { status: 200 },
  }))
  const { text, notes } = importRecipe({ file: 'a.har', text: JSON.stringify({ log: { entries } }) })
  const { steps } = parse(text) as { readonly steps: readonly { readonly request?: object }[] }
  return { requests: steps.flatMap(({ request }) => (request === undefined ? [] : [request])), notes }
}

const mimeType = 'multipart/form-data; boundary=----x'
const parts = {
  multipart: { title: 'a "photo"', photo: { file: 'beach.jpg', type: 'image/jpeg' }, tag: ['sun', 'sea'] },
}

test('a form becomes its parts, out of parameters', () => {
  const { requests, notes } = imported({
    headers: [{ name: 'content-type', value: mimeType }],
    postData: {
      mimeType,
      params: [
        { name: 'title', value: 'a "photo"' },
        { name: 'photo', fileName: 'C:\\home\\beach.jpg', contentType: 'image/jpeg' },
        { name: 'tag', value: 'sun' },
        { name: 'tag', value: 'sea' },
      ],
    },
  })
  expect(requests).toEqual([{ url: `POST ${url}`, ...parts }])
  expect(notes).toMatchObject([
    { message: expect.stringContaining('beach.jpg'), at: { line: 1, column: 20 } },
  ])
})

test('a form becomes its parts, out of the text that was sent', () => {
  const text = [
    '------x',
    'Content-Disposition: form-data; name="title"',
    '',
    'a "photo"',
    '------x',
    'Content-Disposition: form-data; name="photo"; filename="beach.jpg"',
    'Content-Type: image/jpeg',
    '',
    '\ufffd\ufffd\r\n',
    '------x',
    'content-disposition: form-data; name="tag"',
    '',
    'sun',
    '------x',
    'content-disposition: form-data; name="tag"',
    '',
    'sea',
    '------x--',
    '',
  ].join('\r\n')
  expect(imported({ postData: { mimeType, text } }).requests).toEqual([{ url: `POST ${url}`, ...parts }])
})

test('the lines of HTTP/2 are no headers, names in lower case are, and a folded header is one line', () => {
  const headers = Object.entries({
    ':method': 'GET',
    ':authority': 'example.org',
    ':path': '/v1/AUTH_a/c',
    ':scheme': 'https',
    'accept-encoding': 'br',
    'x-newest': 'true',
    'x-words': 'one,\r\n\ttwo',
  }).map(([name, value]) => ({ name, value }))
  expect(imported({ method: 'GET', headers }).requests).toEqual([
    { url: `GET ${url}`, headers: { 'x-newest': 'true', 'x-words': 'one, two' } },
  ])
})

test('every request of a file in one line has its own column, whatever its texts hold', () => {
  const bad = { url: 'https://[' }
  const hostile = { postData: { text: '"}]},{ \\', mimeType: 'text/plain' } }
  for (const others of [[], [hostile], [hostile, hostile]]) {
    const before = `{"log":{"entries":[${others
      .map(
        (request) =>
          `${JSON.stringify({ request: { method: 'POST', url, ...request }, response: { status: 200 } })},`,
      )
      .join('')}`
    expect(() => imported(...others, bad)).toThrow(
      expect.objectContaining({ at: expect.objectContaining({ line: 1, column: before.length + 1 }) }),
    )
  }
})
