/** How many keys are remembered; the one that was used first is forgotten. */
const mostKeys = 1000

/** Lets each key do something so often. */
export type RateLimit = {
  /** Whether the key may do it once more now. */
  take(key: string): boolean
}

/** Allows `burst` times at once, and then so many times a second. */
export function createRateLimit(options: {
  readonly burst: number
  readonly perSecond: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}): RateLimit {
  const { burst, perSecond, now } = options
  const buckets = new Map<string, { readonly left: number; readonly at: number }>()
  return {
    take(key) {
      const at = now()
      const before = buckets.get(key) ?? { left: burst, at }
      const left = Math.min(burst, before.left + ((at - before.at) / 1000) * perSecond)
      buckets.delete(key)
      buckets.set(key, { left: left < 1 ? left : left - 1, at })
      const [oldest] = buckets.keys()
      if (buckets.size > mostKeys && oldest !== undefined) buckets.delete(oldest)
      return left >= 1
    },
  }
}
