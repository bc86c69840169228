import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Io } from '../io.ts'

/** What the command line says of files that recipes may use. */
export type FilesFlag = { readonly allowFiles?: readonly string[] }

/** The flag that lets recipes use the files of other folders than their own. */
export function allowFilesFlag(): Option {
  return new Option(
    '--allow-files <folder>',
    'let recipes send and write files of this folder besides their own; may be repeated',
  ).argParser((folder: string, before: readonly string[] = []) => [...before, folder])
}

/** The same for a run: folders start from the current one. */
export function filesOf({ allowFiles = [] }: FilesFlag, { cwd }: Pick<Io, 'cwd'>): FilesFlag {
  return { allowFiles: allowFiles.map((folder) => resolve(cwd, folder)) }
}
