import { userInfo } from 'node:os'
import { visible } from '../../util/text/visible.ts'
import type { BoardLink } from '../../web/board/board-link.ts'
import type { Io } from '../io.ts'
import type { WebFlags } from './web-flags.ts'

/** Joins the board that the flags name; undefined where they name none. */
export async function linkToBoard(
  { board, as = ownName() }: WebFlags,
  { stderr }: Pick<Io, 'stderr'>,
): Promise<BoardLink | undefined> {
  if (typeof board !== 'string') return undefined
  const { joinBoard } = await import('../../web/board/board-link.ts')
  const link = await joinBoard(board, as)
  stderr.write(`The board shows you as ${visible(as)}.\n`)
  return link
}

function ownName(): string {
  try {
    return userInfo().username
  } catch {
    // A user without an entry in the system's list has no name.
    return 'somebody'
  }
}
