import { stateFolder } from '../files/state-folder.ts'
import { openCloud } from '../flags/cloud-flags.ts'
import type { Io } from '../io.ts'
import { cloudOfCards, cloudOfLessons } from '../open/lesson-cloud.ts'
import { listenForInterrupts } from '../terminal/interrupts.ts'
import { linkToBoard } from './link-to-board.ts'
import { startOwnBoard } from './own-board.ts'
import { faultBoardOf } from './sandbox-faults.ts'
import { aborted, type PageParts, servePage } from './serve-page.ts'
import type { WebFlags } from './web-flags.ts'

/** Serves the page, the board, or both, until a signal ends them. Gives the exit status. */
export async function serveWeb(
  paths: readonly string[],
  flags: WebFlags & { readonly cards?: true },
  io: Io,
): Promise<number> {
  using interrupts = listenForInterrupts(io)
  const board = flags.board === true ? await startOwnBoard(flags.host, io) : undefined
  try {
    if (flags.web === true) {
      await using link = await linkToBoard(flags, io)
      const ledgers = flags.sandbox === true ? undefined : stateFolder('ledgers', io)
      const page: PageParts = {
        paths,
        include: flags,
        interrupts,
        // On the sandbox each tab has one of its own, so that nobody breaks that of another.
        // A card has the one fault that is to be found.
        clouds: () =>
          flags.cards === true ? cloudOfCards(flags, io) : cloudOfLessons(() => openWithSwitches(flags, io)),
        ...(ledgers !== undefined && { ledger: { folder: ledgers, pid: io.pid } }),
        board: link,
        announce(url) {
          io.stdout.write(`${url}\n`)
          io.stderr.write('Open this address in a browser of this machine. Ctrl+C ends it and cleans up.\n')
        },
      }
      return await servePage(page, io)
    }
    await aborted(interrupts.signal)
    return 0
  } finally {
    await board?.close()
  }
}

async function openWithSwitches(flags: WebFlags, io: Io) {
  const opened = await openCloud(flags, io)
  const { sandbox } = opened
  return sandbox === undefined ? opened : { ...opened, faults: await faultBoardOf(sandbox) }
}
