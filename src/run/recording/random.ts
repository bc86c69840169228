import { createHash } from 'node:crypto'

/** Numbers from 0 to 1, as Math.random gives them, that are the same each time for the same run: waits depend on them. */
export function randomOf(run: string): () => number {
  let count = 0
  return () => createHash('sha256').update(`${run} ${count++}`).digest().readUInt32BE() / 2 ** 32
}
