const body = 'Content-Length: 5\r\n\r\nhello'
const head = `HTTP/1.1 200 OK\r\n`
const chunked = `${head}Transfer-Encoding: chunked\r\n`
const chunks = '\r\n5\r\nhello\r\n0\r\n\r\n'

/** An answer in a form that no server should choose; `fault` is a word of what osrun says, empty where it is taken. */
export type OddAnswer = { readonly what: string; readonly answer: string; readonly fault: string }

const oddities: readonly (readonly [string, string, string])[] = [
  ['a 100 that was not asked for', `HTTP/1.1 100 Continue\r\n\r\n${head}${body}`, '100 Continue'],
  ['early hints', `HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n`.repeat(20) + head + body, ''],
  ['the same length twice', `${head}Content-Length: 5\r\n${body}`, 'the same Content-Length 2 times'],
  [
    'the same length in one line',
    `${head}Content-Length: 5, 5\r\n\r\nhello`,
    'the same Content-Length 2 times',
  ],
  ['two lengths', `${head}Content-Length: 6\r\n${body}`, 'two lengths that differ'],
  ['a length with a sign', `${head}Content-Length: +5\r\n\r\nhello`, 'Content-Length that is no number'],
  [
    'a length before chunked',
    `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n${chunks}`,
    'Content-Length beside',
  ],
  ['a length after chunked', `${chunked}Content-Length: 5\r\n${chunks}`, 'Content-Length beside'],
  ['identity and a length', `${head}Transfer-Encoding: identity\r\n${body}`, 'Content-Length beside'],
  ['a folded header', `${head}X-A: one\r\n two\r\n${body}`, 'goes on in the next line'],
  ['a header folded by a tab', `${head}X-A: one\r\n\ttwo\r\n${body}`, 'goes on in the next line'],
  [
    'a folded header after the length',
    `${head}Content-Length: 5\r\nX-A: one\r\n two\r\n\r\nhello`,
    'goes on in the next line',
  ],
  ['a control character', `${head}X-A: a\x01b\r\n${body}`, 'control character'],
  ['a DEL', `${head}X-A: a\x7fb\r\n${body}`, 'control character'],
  ['a lone carriage return', `${head}X-A: a\rb\r\n${body}`, 'carriage return'],
  ['line feeds alone', `HTTP/1.1 200 OK\nContent-Length: 5\n\nhello`, 'line feed'],
  ['a blank in a name', `${head}X A: a\r\n${body}`, 'name'],
  ['a blank before the colon', `${head}X-A : a\r\n${body}`, 'name'],
  ['a name that is not ASCII', `${head}X-\xe9: a\r\n${body}`, 'name'],
  ['no name', `${head}: a\r\n${body}`, 'name'],
  ['HTTP/2', `HTTP/2 200\r\n${body}`, 'version'],
  ['no reason', `HTTP/1.1 200\r\n${body}`, ''],
  ['a chunk with a blank', `${chunked}\r\n5 \r\nhello\r\n0\r\n\r\n`, 'chunk'],
  ['chunks by line feeds', `${chunked}\r\n5\nhello\n0\n\n`, 'line feed'],
  ['a chunk with an extension', `${chunked}\r\n5;a=b\r\nhello\r\n0\r\n\r\n`, ''],
  ['a header of 90 kB', `${head}X-L: ${'k'.repeat(90_000)}\r\n${body}`, ''],
  ['headers of 250 kB', `${head}${`X-L: ${'k'.repeat(50_000)}\r\n`.repeat(5)}${body}`, ''],
  ['many headers', `${head}${'X-M: v\r\n'.repeat(4000)}${body}`, ''],
  ['bytes after the body', `${head}${body}more`, ''],
]

/** What curl takes, and gives the body `hello` of. */
export const takenByCurl: readonly OddAnswer[] = oddities.map(([what, answer, fault]) => ({
  what,
  answer,
  fault,
}))

const broken: readonly (readonly [string, string, string])[] = [
  ['a NUL in a header', `${head}X-A: a\0b\r\n${body}`, 'control character'],
  ['a NUL after the length', `${head}Content-Length: 5\r\nX-A: a\0b\r\n\r\nhello`, 'control character'],
  ['a line without a colon', `${head}nonsense\r\n${body}`, 'name'],
  ['a negative length', `${head}Content-Length: -5\r\n\r\nhello`, 'Content-Length that is no number'],
  ['a chunk without a length', `${chunked}\r\nxyz\r\nhello\r\n0\r\n\r\n`, 'chunk'],
  ['HTTP/1.2', `HTTP/1.2 200 OK\r\n${body}`, 'HTTP'],
  ['a status of two digits', `HTTP/1.1 99 x\r\n${body}`, 'status'],
  ['no HTTP at all', 'hello there', 'not HTTP'],
]

/** What curl refuses as well. */
export const refusedByCurl: readonly OddAnswer[] = broken.map(([what, answer, fault]) => ({
  what,
  answer,
  fault,
}))
