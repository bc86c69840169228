import type { Command } from 'commander'
import type { CloudFlags } from '../flags/cloud-flags.ts'
import type { IncludeFlag } from '../flags/include-flag.ts'

/** What the command line says of pages; camel-cased flag names, as commander gives them. */
export type WebFlags = CloudFlags &
  IncludeFlag & {
    readonly web?: boolean
    /** `true` without a value. */
    readonly board?: string | true
    readonly host?: string
    readonly as?: string
  }

/** Adds the flags of the page and of the board. */
export function addWebFlags(command: Command): Command {
  return command
    .option('--web', 'as a page in a browser of this machine')
    .option(
      '--board [address]',
      'show how far each participant of a class is; with the address of such a board: tell it',
    )
    .option(
      '--host <address>',
      'the address of this machine at which the board is joined; 127.0.0.1 unless given',
    )
    .option('--as <name>', 'the name that the board shows; the name of the user unless given')
}

/** Whether the flags ask for something in a browser. */
export function wantsBrowser({ web, board }: WebFlags): boolean {
  return web === true || board === true
}
