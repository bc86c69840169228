/** A queue with one consumer: what is pushed before anybody iterates is kept. */
export type Channel<T> = AsyncIterable<T> & {
  push(value: T): void
  end(): void
}

/** Makes an empty channel. */
export function createChannel<T>(): Channel<T> {
  let waiting: T[] = []
  let taken = 0
  let ended = false
  let wake: (() => void) | undefined
  const next = async (): Promise<IteratorResult<T, undefined>> => {
    while (taken === waiting.length && !ended)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    if (taken === waiting.length) return { done: true, value: undefined }
    const value = waiting[taken++] as T
    if (taken === waiting.length) {
      waiting = []
      taken = 0
    }
    return { done: false, value }
  }
  return {
    push(value) {
      waiting.push(value)
      wake?.()
    },
    end() {
      ended = true
      wake?.()
    },
    // No generator: one would cost each value several turns of the event loop's queue.
    [Symbol.asyncIterator]: () => ({ next }),
  }
}
