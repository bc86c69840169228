import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { OsrunError } from '../../model/problem.ts'
import { type Board, startBoard } from '../../web/board/board-server.ts'
import { pageFolder } from '../files/package-folder.ts'
import type { Io } from '../io.ts'
import { warnTo } from '../terminal/warn.ts'

/** Starts the board of a class on an address of this machine, 127.0.0.1 unless given, and says how to see and join it. */
export async function startOwnBoard(host: string | undefined, io: Io): Promise<Board> {
  const board = await startBoard({
    folder: pageFolder(),
    ...(host !== undefined && { host: ownAddress(host) }),
  })
  io.stdout.write(`${board.url}\n`)
  io.stderr.write(`Open this address in a browser of this machine. Participants join with\n`)
  io.stderr.write(`  osrun learn --web --board '${board.join}'\n`)
  if (host !== undefined && !host.startsWith('127.'))
    warnTo(io)('The board alone is on the network, unencrypted: names, recipes and steps. It runs nothing.')
  return board
}

// The page shows how to join, and "any address" is none that others can use.
function ownAddress(host: string): string {
  const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address))
  if (isIP(host) !== 0 && own.includes(host)) return host
  throw new OsrunError('USAGE_INVALID', `--host takes an address of this machine, and got "${host}".`, {
    hint: `It has: ${own.join(', ')}.`,
  })
}
