import type { Problem } from '../model/problem.ts'
import { createSession, type Session, type SessionOptions } from './session.ts'

/** How many pages a server has at most. */
const mostSessions = 64
/** Milliseconds that a session outlives its page: a browser may have put it to sleep. */
const patience = 30 * 60_000
/** The same for one that was closed, unless it is only loaded again. */
const farewell = 5_000

/** The sessions of a server by the ids that their pages chose. */
export type Sessions = {
  /** The session of an id, a new one where there is none; undefined where there are too many. */
  open(id: string): Session | undefined
  find(id: string): Session | undefined
  /** Ends a session in a while, unless a page listens again by then. */
  leave(id: string, isClosed: boolean): void
  /** Ends all. Gives what could not be cleaned up. */
  close(): Promise<readonly Problem[]>
}

/** Makes an empty set of sessions. */
export function createSessions(options: SessionOptions): Sessions {
  const sessions = new Map<string, { readonly session: Session; timer: NodeJS.Timeout | undefined }>()
  const ending = new Set<Promise<unknown>>()
  const lost: Problem[] = []
  const end = (id: string): void => {
    const known = sessions.get(id)
    if (known === undefined || known.session.isHeard) return
    sessions.delete(id)
    const closing = close(known.session).finally(() => ending.delete(closing))
    ending.add(closing)
  }
  const close = async (session: Session): Promise<void> => {
    lost.push(...(await session.close()))
  }
  return {
    open(id) {
      const known = sessions.get(id)
      clearTimeout(known?.timer)
      if (known !== undefined) return known.session
      if (sessions.size >= mostSessions) return undefined
      const session = createSession(options)
      sessions.set(id, { session, timer: undefined })
      return session
    },
    find: (id) => sessions.get(id)?.session,
    leave(id, isClosed) {
      const known = sessions.get(id)
      if (known === undefined) return
      clearTimeout(known.timer)
      known.timer = setTimeout(() => end(id), isClosed ? farewell : patience)
    },
    async close() {
      for (const { session, timer } of sessions.values()) {
        clearTimeout(timer)
        ending.add(close(session))
      }
      sessions.clear()
      await Promise.all(ending)
      return lost
    },
  }
}
