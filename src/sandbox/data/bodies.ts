import { randomUUID } from 'node:crypto'
import type { Change, Database } from './open-database.ts'

/** Bytes of an object as it holds them; the same list is the same body. */
type Parts = readonly Buffer[]

/** The bodies of objects in the database, each written once, however many records have it. */
export type Bodies = {
  /** Writes a body that is not there yet, and gives its id; what refers to it is written after it. */
  keep(parts: Parts): Promise<string>
  /** Counts one record less that has the body; the changes that remove it after the last one. */
  release(id: string): readonly Change[]
  /** Reads all bodies; those that no record asks for by `take` are removed by `sweep`. */
  load(): Promise<void>
  /** A loaded body, for one record more; undefined when it is not there. */
  take(id: string): Parts | undefined
  sweep(): Promise<void>
}

// A body is written in pieces, so that a large one is not in memory twice.
const mostBytes = 4 * 1024 ** 2

/** The bodies of that database. */
export function createBodies(database: Database): Bodies {
  const ids = new WeakMap<Parts, string>()
  const pieces = new Map<string, number>()
  const users = new Map<string, number>()
  const loaded = new Map<string, Buffer[]>()
  const removal = (id: string): readonly Change[] =>
    Array.from({ length: pieces.get(id) ?? 0 }, (_, index) => ({
      type: 'del' as const,
      key: ['body', id, pieceName(index)] as const,
    }))
  const use = (id: string): void => void users.set(id, (users.get(id) ?? 0) + 1)
  return {
    async keep(parts) {
      const known = ids.get(parts)
      if (known !== undefined && users.has(known)) {
        use(known)
        return known
      }
      const id = randomUUID()
      let count = 0
      for (const part of parts)
        for (let at = 0; at < part.length; at += mostBytes) {
          const value = part.subarray(at, at + mostBytes)
          await database.write([{ type: 'put', key: ['body', id, pieceName(count++)], value }])
        }
      ids.set(parts, id)
      pieces.set(id, count)
      use(id)
      return id
    },
    release(id) {
      const left = (users.get(id) ?? 0) - 1
      if (left > 0) {
        users.set(id, left)
        return []
      }
      users.delete(id)
      return removal(id)
    },
    async load() {
      for await (const [[id = ''], value] of database.records('body')) {
        const parts = loaded.get(id) ?? []
        parts.push(Buffer.from(value as Uint8Array))
        loaded.set(id, parts)
        pieces.set(id, parts.length)
      }
    },
    take(id) {
      const parts = loaded.get(id)
      if (parts === undefined) return undefined
      ids.set(parts, id)
      use(id)
      return parts
    },
    async sweep() {
      // Left by a process that died before it had written what was to have them.
      const unused = [...loaded.keys()].filter((id) => !users.has(id))
      await database.write(unused.flatMap(removal))
      loaded.clear()
    },
  }
}

// Names are in the order of their text.
function pieceName(index: number): string {
  return String(index).padStart(9, '0')
}
