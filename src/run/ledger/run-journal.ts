import type { RunEvent } from '../../model/event.ts'
import { toProblem } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { createLedgerFile, type LedgerFile } from './ledger-file.ts'
import { markProcess } from './process-mark.ts'
import type { Creation, LedgerOwner, LedgerRecord } from './record.ts'

/** Where runs write down what they create. */
export type LedgerPlace = {
  /** The folder of the ledgers, one file for each run that created something. */
  readonly folder: string
  /** The process that the run is in: nobody sweeps up after it while it lives. */
  readonly pid: number
}

/**
 * What a ledger needs of its run.
 * @internal
 */
export type JournalParts = {
  readonly place: LedgerPlace
  readonly runId: string
  readonly recipe: Recipe
  /** Hides secrets: no file of osrun holds one. */
  mask(text: string): string
  now(): number
  emit(event: RunEvent): void
}

/**
 * Something that may be there, as far as a run knows.
 * @internal
 */
export type Left = Pick<Creation, 'entry' | 'url' | 'step' | 'deferred'> & { deletes: readonly string[] }

/**
 * What a run has created and not deleted yet, in memory and on the disk.
 * @internal
 */
export type Journal = {
  /** In the order in which they were created. */
  readonly left: readonly Left[]
  create(creation: Omit<Creation, 'kind' | 'entry' | 'time'>): Promise<Left>
  /** The URLs that delete it are known now. */
  know(one: Left, deletes: readonly string[]): Promise<void>
  /** What this URL deletes is gone; all of it without a URL. */
  strike(one: Left, url?: string): Promise<void>
  /** Takes the file away where nothing is left, and tells of it otherwise. */
  end(): Promise<void>
}

/**
 * Starts an empty journal. A file is made with the first record; one that cannot be written is told once.
 * @internal
 */
export function createJournal(parts: JournalParts): Journal {
  const left: Left[] = []
  const time = (): string => new Date(parts.now()).toISOString()
  let count = 0
  let file: LedgerFile | undefined
  let isBroken = false
  const write = async (change: () => Promise<void>): Promise<void> => {
    if (isBroken) return
    try {
      await change()
    } catch (error) {
      isBroken = true
      const message = `What this run creates is not written down: the ledger in "${parts.place.folder}" cannot be written: ${toProblem(error).message}.`
      parts.emit({ type: 'notice', level: 'warning', message })
    }
  }
  const append = (record: LedgerRecord): Promise<void> =>
    write(async () => {
      const safe = masked(record, parts.mask)
      if (file !== undefined) return file.append(safe)
      const owner = await ownerOf(parts)
      file = await createLedgerFile(parts.place.folder, parts.runId)
      await file.append(owner, safe)
    })
  return {
    left,
    async create(creation) {
      const { url, step, deferred, deletes } = creation
      const one: Left = { entry: ++count, url, step, deferred, deletes }
      left.push(one)
      await append({ kind: 'create', entry: one.entry, ...creation, time: time() })
      return one
    },
    async know(one, deletes) {
      one.deletes = deletes
      await append({ kind: 'known', entry: one.entry, deletes })
    },
    async strike(one, url) {
      const rest = url === undefined ? [] : one.deletes.filter((other) => other !== url)
      one.deletes = rest
      if (rest.length === 0) left.splice(left.indexOf(one), 1)
      await append({ kind: 'gone', entry: one.entry, ...(rest.length > 0 && url !== undefined && { url }) })
    },
    async end() {
      if (file === undefined) return
      // What it lacks may be gone, or may not: it stays, and whoever sweeps finds out.
      if (isBroken) return file.close()
      if (left.length === 0) return write(file.remove)
      await append({ kind: 'end', time: time() })
      await write(file.close)
      const what = left.length === 1 ? 'One thing' : `${left.length} things`
      const message = `${what} that this run created may be left; \`osrun sweep\` deletes what "${file.path}" names.`
      parts.emit({ type: 'notice', level: 'warning', message })
    },
  }
}

async function ownerOf({ place, runId, recipe, mask }: JournalParts): Promise<LedgerOwner> {
  const process = await markProcess(place.pid)
  return { kind: 'run', osrun: 1, run: runId, recipe: mask(recipe.name), file: mask(recipe.file), process }
}

function masked<T extends LedgerRecord>(record: T, mask: (text: string) => string): T {
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return mask(value)
    if (Array.isArray(value)) return value.map(visit)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, visit(child)]))
  }
  // `kind` is a word of the format, whatever a secret may be.
  return { ...(visit(record) as T), kind: record.kind }
}
