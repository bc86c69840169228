import type { Problem } from '../../model/problem.ts'
import { createSession, type Session, type SessionOptions } from './session.ts'

/** How many sessions a server has at most, those included whose page is away. */
const mostSessions = 64
/** Milliseconds that a session outlives its page: a browser may have put it to sleep. */
const patience = 30 * 60_000
/** The same for one that was closed, unless it is only loaded again. */
const farewell = 5_000

/** The sessions of a server by the ids that their pages chose. */
export type Sessions = {
  /** The session of an id, a new one where there is none; undefined where so many pages are open already. */
  open(id: string): Session | undefined
  find(id: string): Session | undefined
  /** Ends a session in a while, unless a page listens again by then. */
  leave(id: string, isClosed: boolean): void
  /** Ends all. Gives what could not be cleaned up. */
  close(): Promise<readonly Problem[]>
}

type Entry = {
  readonly session: Session
  end?: { readonly timer: NodeJS.Timeout; readonly isClosed: boolean }
}

/** Makes an empty set of sessions. */
export function createSessions(options: SessionOptions): Sessions {
  // Those without a page in the order in which they were left.
  const sessions = new Map<string, Entry>()
  const ending = new Set<Promise<unknown>>()
  const lost: Problem[] = []
  const stay = (entry: Entry): Entry => {
    clearTimeout(entry.end?.timer)
    delete entry.end
    return entry
  }
  const end = (id: string): void => {
    const known = sessions.get(id)
    if (known === undefined) return
    // Another page may have the same id: a tab that was duplicated.
    if (stay(known).session.isHeard) return
    sessions.delete(id)
    const closing = close(known.session).finally(() => ending.delete(closing))
    ending.add(closing)
  }
  const close = async (session: Session): Promise<void> => {
    lost.push(...(await session.close()))
  }
  const endLongestAway = (): void => {
    const [away] = [...sessions].find(([, { session }]) => !session.isHeard) ?? []
    if (away !== undefined) end(away)
  }
  return {
    open(id) {
      const known = sessions.get(id)
      if (known !== undefined) return stay(known).session
      if (sessions.size >= mostSessions) endLongestAway()
      if (sessions.size >= mostSessions) return undefined
      const session = createSession(options)
      sessions.set(id, { session })
      return session
    },
    find: (id) => sessions.get(id)?.session,
    leave(id, isClosed) {
      const known = sessions.get(id)
      // A page that is closed says so, and then its connection ends.
      if (known === undefined || (known.end?.isClosed === true && !isClosed)) return
      stay(known).end = { timer: setTimeout(() => end(id), isClosed ? farewell : patience), isClosed }
      sessions.delete(id)
      sessions.set(id, known)
    },
    async close() {
      for (const entry of sessions.values()) ending.add(close(stay(entry).session))
      sessions.clear()
      await Promise.all(ending)
      return lost
    },
  }
}
