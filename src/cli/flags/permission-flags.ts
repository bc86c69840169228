import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { OsrunError } from '../../model/problem.ts'
import { originOf } from '../../util/origin.ts'
import type { Io } from '../io.ts'

/** What the command line lets recipes do that they may not do by themselves. */
export type PermissionFlags = {
  readonly allowFiles?: readonly string[]
  readonly allowOrigin?: readonly string[]
}

/** Adds the flags that let recipes use files of other folders, and send secrets to other servers. */
export function addPermissionFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--allow-files <folder>',
        'let recipes send and write files of this folder besides their own; may be repeated',
      ).argParser((folder: string, before: readonly string[] = []) => [...before, folder]),
    )
    .addOption(
      new Option(
        '--allow-origin <origin>',
        'let recipes send credentials and tokens to this server besides those of the cloud, such as https://host:8080; may be repeated',
      ).argParser((text: string, before: readonly string[] = []) => [...before, readOrigin(text)]),
    )
}

/** The same for a run: folders start from the current one. */
export function permissionsOf(
  { allowFiles = [], allowOrigin = [] }: PermissionFlags,
  { cwd }: Pick<Io, 'cwd'>,
): { readonly allowFiles: readonly string[]; readonly allowOrigins: readonly string[] } {
  return { allowFiles: allowFiles.map((folder) => resolve(cwd, folder)), allowOrigins: allowOrigin }
}

function readOrigin(text: string): string {
  const origin = originOf(text)
  if (origin !== undefined && /^[a-z]+:\/\/[^/?#]+\/?$/i.test(text)) return origin
  throw new OsrunError('USAGE_INVALID', `--allow-origin takes an origin, and got "${text}".`, {
    hint: 'A scheme, a host and perhaps a port: https://swift.example.com:8080.',
  })
}
