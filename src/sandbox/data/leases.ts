/** Lets a file that nothing refers to any more stay for those that began when something did. */
export type Leases = {
  /** Begins to read whatever there is, until it is disposed of. */
  hold(): Disposable
  /** Removes a file when all who hold now have ended. */
  doom(file: string): void
  /** Resolves when nobody holds and all doomed files are gone. */
  idle(): Promise<void>
}

type Doomed = { readonly file: string; readonly since: number }

/** Leases of files, which `remove` removes. */
export function createLeases(remove: (file: string) => Promise<void>): Leases {
  let begun = 0
  // In the order in which they began.
  const held = new Set<number>()
  let doomed: Doomed[] = []
  const removals = new Set<Promise<void>>()
  let whenIdle: (() => void)[] = []
  const removeFile = async (file: string): Promise<void> => {
    const removal = remove(file)
    removals.add(removal)
    await removal
    removals.delete(removal)
  }
  const sweep = (): void => {
    const [oldest = Number.POSITIVE_INFINITY] = held
    const free = doomed.filter(({ since }) => since < oldest)
    doomed = doomed.filter(({ since }) => since >= oldest)
    for (const { file } of free) void removeFile(file)
    if (held.size > 0) return
    for (const resolve of whenIdle) resolve()
    whenIdle = []
  }
  return {
    hold() {
      const lease = ++begun
      held.add(lease)
      return {
        [Symbol.dispose]() {
          held.delete(lease)
          if (doomed.length > 0 || whenIdle.length > 0) sweep()
        },
      }
    },
    doom(file) {
      doomed.push({ file, since: begun })
    },
    async idle() {
      if (held.size > 0) await new Promise<void>((resolve) => whenIdle.push(resolve))
      sweep()
      await Promise.all(removals)
    },
  }
}
