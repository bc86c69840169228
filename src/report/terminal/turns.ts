/** Lets the texts of several runs follow one another: one run writes at once, the others wait until it is over. */
export type Turns = {
  /** Writes for a run, now or when its turn comes. */
  write(run: string, text: string): void
  /** Whether what a run writes appears at once. */
  isNow(run: string): boolean
  /** The run writes no more; the one that started next has its turn. */
  end(run: string): void
}

/** Makes turns in the order in which runs first write. */
export function createTurns(write: (text: string) => void): Turns {
  const waiting = new Map<string, { text: string; isOver: boolean }>()
  const flush = (): void => {
    for (const [run, entry] of waiting) {
      if (entry.text !== '') write(entry.text)
      entry.text = ''
      if (!entry.isOver) return
      waiting.delete(run)
    }
  }
  const entryOf = (run: string): { text: string; isOver: boolean } => {
    const entry = waiting.get(run) ?? { text: '', isOver: false }
    waiting.set(run, entry)
    return entry
  }
  const isNow = (run: string): boolean => {
    const [first] = waiting.keys()
    return first === undefined || first === run
  }
  return {
    isNow,
    write(run, text) {
      const entry = entryOf(run)
      if (isNow(run)) write(text)
      else entry.text += text
    },
    end(run) {
      entryOf(run).isOver = true
      flush()
    },
  }
}
