import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'

/** Where files are looked for. */
export type FileSources = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly cwd: string
  readonly platform: string
  /** Undefined when there is no such file. A relative path begins in `cwd`. */
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
        return await readFile(resolve(cwd, path), 'utf8')
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
        throw error
      }
    },
  }
}
