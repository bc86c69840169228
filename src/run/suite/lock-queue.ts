/** Hands out the entries of a suite so that no two that share a lock run at the same time. */
export type LockQueue = {
  /** Takes the next entry with all of its locks, and waits while none can be had; undefined when all are taken. */
  next(): Promise<number | undefined>
  /** An entry has ended: its locks are free. */
  release(index: number): void
}

/**
 * Makes the queue of entries with these locks. An entry takes all of its locks at once, so nobody waits for a lock
 * while holding one; and nobody takes a lock that an earlier one waits for, so everybody's turn comes.
 */
export function createLockQueue(locks: readonly (readonly string[])[]): LockQueue {
  const locksOf = (index: number): readonly string[] => locks[index] ?? []
  const held = new Set<string>()
  /** Entries that wait for a lock, in their order; `unseen` and those after it were not looked at yet. */
  const waiting: number[] = []
  let unseen = 0
  let wakers: (() => void)[] = []
  const take = (): number | undefined => {
    const wanted = new Set(held)
    const isFree = (index: number): boolean => {
      const own = locksOf(index)
      if (!own.some((lock) => wanted.has(lock))) return true
      for (const lock of own) wanted.add(lock)
      return false
    }
    const turn = waiting.findIndex(isFree)
    if (turn >= 0) return waiting.splice(turn, 1)[0]
    for (; unseen < locks.length; unseen++) {
      if (isFree(unseen)) return unseen++
      waiting.push(unseen)
    }
    return undefined
  }
  return {
    async next() {
      for (;;) {
        const index = take()
        if (index !== undefined) {
          for (const lock of locksOf(index)) held.add(lock)
          return index
        }
        if (waiting.length === 0) return undefined
        await new Promise<void>((resolve) => {
          wakers.push(resolve)
        })
      }
    },
    release(index) {
      for (const lock of locksOf(index)) held.delete(lock)
      const woken = wakers
      wakers = []
      for (const wake of woken) wake()
    },
  }
}
