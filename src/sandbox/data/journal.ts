import type { Keeper } from '../keeper.ts'

/** A change: a key with its new value, or without one when it is gone. */
export type Change = readonly [key: string, value: string | undefined]

/** Notes changes, and writes together what was noted while the last ones were written. */
export type Journal = Keeper & {
  /** Resolves when all that was noted so far is on the disk, and rejects when it will not be; undefined when it is there already. */
  settled(): Promise<void> | undefined
}

/**
 * A journal in which nothing is noted.
 *
 * @param write puts all of the changes on the disk, or none; after it has rejected once it is not asked again
 */
export function createJournal(write: (changes: readonly Change[]) => Promise<void>): Journal {
  let noted = new Map<string, string | undefined>()
  /** Those that are being written; rejected for good after a failure. */
  let current: Promise<void> | undefined
  /** Those that will be. */
  let next: Promise<void> | undefined
  const writeAfter = async (earlier: Promise<void> | undefined): Promise<void> => {
    await earlier
    const changes = [...noted]
    noted = new Map()
    current = next
    next = undefined
    await write(changes)
    current = undefined
  }
  return {
    note(names, record) {
      noted.set(names.join('\0'), record && JSON.stringify(record))
    },
    settled() {
      if (noted.size === 0) return current
      next ??= writeAfter(current)
      return next
    },
  }
}
