/** A queue with one consumer: what is pushed before anybody iterates is kept. */
export type Channel<T> = AsyncIterable<T> & {
  push(value: T): void
  end(): void
}

/** Makes an empty channel. */
export function createChannel<T>(): Channel<T> {
  let waiting: T[] = []
  // What the consumer takes one by one; what comes meanwhile waits.
  let batch: readonly T[] = []
  let taken = 0
  let ended = false
  let wake: (() => void) | undefined
  const take = (): IteratorResult<T, undefined> => {
    if (taken === batch.length) {
      batch = waiting
      waiting = []
      taken = 0
    }
    return taken === batch.length
      ? { done: true, value: undefined }
      : { done: false, value: batch[taken++] as T }
  }
  const awake = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
    })
  const next = (): Promise<IteratorResult<T, undefined>> =>
    taken === batch.length && waiting.length === 0 && !ended ? awake().then(next) : Promise.resolve(take())
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
