import { lstat, readFile } from 'node:fs/promises'
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import type { RecordedResponse } from './recording.ts'

/** The body of an answer that is being recorded. */
export type Body = {
  /** Undefined where there is none to be written, or where it is left out. */
  readonly bytes?: Uint8Array
  /** How it is written, once all secrets are known. */
  written(rename: (text: string) => string): Pick<RecordedResponse, 'text' | 'base64' | 'leftOut'>
}

/** The longest file that goes into a recording, in bytes. */
const longestFile = 8 * 1024 ** 2

const leftOut: Body = { written: () => ({ leftOut: true }) }

/**
 * The body of an answer, out of the file when it was saved in one. It is left out when it is longer than `limit`, when its
 * file is too long or no file, and when it is compressed, as nobody can look for secrets in it.
 */
export async function bodyOf(request: HttpRequest, response: HttpResponse, limit: number): Promise<Body> {
  const isSaved = request.saveTo !== undefined && response.status >= 200 && response.status < 300
  // Whoever gets no body from the transport gets none in a replay either.
  if (!isSaved && response.body === undefined) return { written: () => ({}) }
  const encoding = headerOf(response.headers, 'Content-Encoding') ?? 'identity'
  if (response.size > limit || (response.size > 0 && !/^identity$/i.test(encoding))) return leftOut
  const bytes = isSaved ? await savedBytes(request.saveTo ?? '') : response.body
  if (bytes === undefined || bytes.length !== response.size) return leftOut
  return { bytes, written: (rename) => written(Buffer.from(bytes), rename) }
}

// A device or a pipe has been read by somebody else.
async function savedBytes(path: string): Promise<Uint8Array | undefined> {
  try {
    const file = await lstat(path)
    return file.isFile() && file.size <= longestFile ? await readFile(path) : undefined
  } catch {
    // It is gone already, and not in the recording then.
    return undefined
  }
}

function written(bytes: Buffer, rename: (text: string) => string): ReturnType<Body['written']> {
  try {
    return { text: rename(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) }
  } catch {
    // Bytes that are no text: a secret in them stands there as its own bytes.
    return { base64: Buffer.from(rename(bytes.toString('latin1')), 'latin1').toString('base64') }
  }
}
