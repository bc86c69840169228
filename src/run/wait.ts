import { setTimeout } from 'node:timers/promises'

/** Waits so many milliseconds; when the signal aborts, it rejects at once with the signal's reason. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>

/** Waits until somebody has answered the question of the last `question` event; rejects with the signal's reason when it aborts. */
export type Ask = (signal: AbortSignal) => Promise<void>

/** Waits by the system's clock. */
export const wait: Wait = async (milliseconds, signal) => {
  try {
    await setTimeout(milliseconds, undefined, { signal })
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  }
}
