import { createChannel } from './channel.ts'

/** Gives every consumer all values, each at its own pace. `pump` reads the source to its end. */
export function tee<T>(
  source: AsyncIterable<T>,
  consumers: number,
): { readonly copies: readonly AsyncIterable<T>[]; pump(): Promise<void> } {
  const copies = Array.from({ length: consumers }, () => createChannel<T>())
  return {
    copies,
    async pump() {
      try {
        for await (const value of source) for (const copy of copies) copy.push(value)
      } finally {
        for (const copy of copies) copy.end()
      }
    },
  }
}
