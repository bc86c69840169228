/** Counts what all objects take, against a limit. Bytes. */
export type Memory = {
  /** Takes so much more; false, and nothing taken, when it is too much. */
  take(bytes: number): boolean
  give(bytes: number): void
  /** Makes room for what is there from the start, and takes it. */
  grant(bytes: number): void
}

/** A count that starts at nothing. */
export function createMemory(most: number): Memory {
  let [used, limit] = [0, most]
  return {
    take(bytes) {
      if (used + bytes > limit) return false
      used += bytes
      return true
    },
    give(bytes) {
      used -= bytes
    },
    grant(bytes) {
      used += bytes
      limit += bytes
    },
  }
}
