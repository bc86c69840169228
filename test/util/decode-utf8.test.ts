import { expect, test } from 'vitest'
import { decodeUtf8 } from '../../src/util/text/decode-utf8.ts'

test.each([
  ['ASCII', Buffer.from('a\nb\n'), 'a\nb\n'],
  ['characters of several bytes', Buffer.from('é日😀'), 'é日😀'],
  ['the sign for what is no character', Buffer.from('\ufffd'), '\ufffd'],
  ['a byte order mark, which is no part of it', Buffer.from('\ufeffa'), 'a'],
  ['nothing', Buffer.alloc(0), ''],
])('text in UTF-8 is read: %s', (_what, bytes, text) => {
  expect(decodeUtf8(bytes)).toEqual({ text })
})

test.each([
  ['Latin-1 after other characters', Buffer.from([0x61, 0x0a, 0xc3, 0xa9, 0x20, 0xe9, 0x22]), 'byte 6', 2, 3],
  ['a character that is cut', Buffer.from([0x61, 0xe6, 0x97]), 'byte 2', 1, 2],
  ['a character that a line cuts', Buffer.from([0xf0, 0x9f, 0x98, 0x80, 0xe6, 0x0a, 0x61]), 'byte 5', 1, 3],
  ['a surrogate', Buffer.from([0xed, 0xa0, 0x80]), 'byte 1', 1, 1],
  ['a NUL', Buffer.from('a\nb\0c'), 'a NUL in byte 4', 2, 2],
  ['UTF-16 without a mark', Buffer.from('ab', 'utf16le'), 'a NUL in byte 2', 1, 2],
  ['UTF-16 of little ends', Buffer.from('\ufeffa', 'utf16le'), 'UTF-16', 1, 1],
  ['UTF-16 of big ends', Buffer.from([0xfe, 0xff, 0, 0x61]), 'UTF-16', 1, 1],
  ['UTF-32 of little ends', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), 'UTF-32', 1, 1],
  ['UTF-32 of big ends', Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x61]), 'UTF-32', 1, 1],
])('what is not UTF-8 is told with its place: %s', (_what, bytes, words, line, column) => {
  expect(decodeUtf8(bytes)).toMatchObject({
    fault: { message: expect.stringContaining(words), line, column },
  })
})
