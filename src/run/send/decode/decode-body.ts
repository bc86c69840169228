import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { mostKept } from '../../../model/exchange.ts'

/** A body without its encodings; undefined where it would be longer than what is kept. */
type DecodedBody = { readonly body: Uint8Array | undefined; readonly troubles: readonly string[] }

type Unpack = (packed: Uint8Array) => Uint8Array

const limit = { maxOutputLength: mostKept }

const unpackers: Readonly<Record<string, Unpack>> = {
  gzip: (packed) => gunzipSync(packed, limit),
  'x-gzip': (packed) => gunzipSync(packed, limit),
  br: (packed) => brotliDecompressSync(packed, limit),
  // Some servers leave out what stands around it: https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2
  deflate(packed) {
    try {
      return inflateSync(packed, limit)
    } catch (error) {
      if (isTooLong(error)) throw error
      return inflateRawSync(packed, limit)
    }
  },
  identity: (plain) => plain,
}

/** Takes the encodings off a body, the last one first, and makes UTF-8 of its charset; what fails is told and left as it was. */
export function decodeBody(
  body: Uint8Array,
  { encoding, charset }: { readonly encoding: string; readonly charset: string },
): DecodedBody {
  const names = encoding
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  let plain = body
  try {
    for (const name of names.toReversed()) {
      const unpack = Object.hasOwn(unpackers, name) ? unpackers[name] : undefined
      if (unpack === undefined)
        return { body, troubles: [`The answer has the Content-Encoding ${name}, which is not decoded.`] }
      plain = unpack(plain)
    }
  } catch (error) {
    return isTooLong(error)
      ? { body: undefined, troubles: [] }
      : { body, troubles: [`The answer is not in its Content-Encoding ${encoding}, and is read as it came.`] }
  }
  return inUtf8(plain, charset)
}

function inUtf8(body: Uint8Array, charset: string): DecodedBody {
  if (charset === '' || /^(utf-?8|us-ascii)$/i.test(charset)) return { body, troubles: [] }
  try {
    return { body: Buffer.from(new TextDecoder(charset).decode(body)), troubles: [] }
  } catch {
    // Such as that of an object which is no text.
    return { body, troubles: [] }
  }
}

function isTooLong(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
}
