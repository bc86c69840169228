import type { Command } from 'commander'

/** What the command line says of recipes that others include. */
export type IncludeFlag = { readonly allowInclude?: readonly string[] }

/** Adds the flag that allows other folders than a recipe's own. */
export function addIncludeFlag(command: Command): Command {
  return command.option(
    '--allow-include <folder>',
    'let recipes include files of this folder besides their own; may be repeated',
    (folder: string, before: readonly string[] = []) => [...before, folder],
  )
}
