/** A queue with one consumer: what is pushed before anybody iterates is kept. */
export type Channel<T> = AsyncIterable<T> & {
  push(value: T): void
  end(): void
}

/** Makes an empty channel. */
export function createChannel<T>(): Channel<T> {
  let waiting: T[] = []
  let ended = false
  let wake: (() => void) | undefined
  return {
    push(value) {
      waiting.push(value)
      wake?.()
    },
    end() {
      ended = true
      wake?.()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const batch = waiting
        waiting = []
        yield* batch
        if (waiting.length > 0) continue
        if (ended) return
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = undefined
      }
    },
  }
}
