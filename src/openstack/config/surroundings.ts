import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { OsrunError } from '../../model/problem.ts'
import { decodeUtf8 } from '../../util/text/decode-utf8.ts'

/** Where files are looked for. */
export type FileSources = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly cwd: string
  readonly platform: string
  /**
   * The text of a file; undefined when there is no such file. A relative path begins in `cwd`. An OsrunError that it throws
   * reaches the user as it is.
   */
  readFile(path: string): Promise<string | undefined>
}

/** What of Node's `process` says where a program runs. */
export type ProcessFacts = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string
  cwd(): string
}

/**
 * Where the files of this machine are looked for, for `resolveCloud`: hand it Node's `process`.
 *
 * @example
 * const cloud = await resolveCloud({ ...surroundings(process), flags: { cloud: 'mycloud' } })
 */
export function surroundings(process: ProcessFacts): FileSources {
  const cwd = process.cwd()
  return {
    environment: process.env,
    home: homedir(),
    cwd,
    platform: process.platform,
    async readFile(path) {
      try {
        return textOfFile(await readFile(resolve(cwd, path)), path)
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
        throw error
      }
    },
  }
}

/** The text of a file of a person, from its bytes. Throws ENCODING_INVALID, with the place, for what is not UTF-8. */
export function textOfFile(bytes: Uint8Array, path: string): string {
  const decoded = decodeUtf8(bytes)
  if ('text' in decoded) return decoded.text
  const { message, hint, line, column } = decoded.fault
  throw new OsrunError('ENCODING_INVALID', message, { at: { file: path, line, column }, hint })
}
