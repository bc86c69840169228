import { randomUUID } from 'node:crypto'
import type { SafeEvent } from '../../model/event.ts'
import { OsrunError } from '../../model/problem.ts'
import { parseBoardAddress } from './join-code.ts'
import { type Progress, progressAfter } from './progress.ts'

/** Milliseconds for one report. */
const patience = 5000

/** Tells a board how far the runs of a participant are. It is disposed of when the last report has been sent, or could not be. */
export type BoardLink = AsyncDisposable & {
  /** Tells what an event changes; a board that does not answer is let be, and told the next time. */
  tell(event: SafeEvent): void
}

/**
 * Joins a board by its address and code.
 *
 * @throws OsrunError USAGE_INVALID for a wrong code, CONNECTION_REFUSED where there is no board
 */
export async function joinBoard(address: string, name: string): Promise<BoardLink> {
  const { url, code } = parseBoardAddress(address)
  const participant = randomUUID()
  let progress: Progress | undefined
  let run = ''
  let isBehind = false
  let sending: Promise<void> | undefined
  const post = (): Promise<number> => postReport(`${url}/progress`, code, { participant, name, ...progress })
  const send = async (): Promise<void> => {
    while (isBehind) {
      isBehind = false
      await post().catch(() => undefined)
    }
    sending = undefined
  }
  const status = await post().catch((cause: unknown) => {
    throw new OsrunError('CONNECTION_REFUSED', `No board answers at ${url}.`, {
      hint: 'It is there as long as the teacher runs `osrun learn --board`.',
      cause,
    })
  })
  if (status !== 204)
    throw new OsrunError('USAGE_INVALID', `The board at ${url} answers ${status}.`, {
      hint:
        status === 403
          ? 'The code after # may be wrong: the board shows it.'
          : 'The teacher can start another board.',
    })
  return {
    tell(event) {
      // A run that is put back to its start ends after the next one has begun to be told.
      if (event.type === 'run:start') run = event.run
      if (event.run !== run) return
      const next = progressAfter(progress, event)
      if (next === progress) return
      progress = next
      isBehind = true
      sending ??= send()
    },
    [Symbol.asyncDispose]: async () => await sending,
  }
}

async function postReport(url: string, code: string, report: object): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${code}` },
    body: JSON.stringify(report),
    redirect: 'error',
    signal: AbortSignal.timeout(patience),
  })
  await response.body?.cancel()
  return response.status
}
