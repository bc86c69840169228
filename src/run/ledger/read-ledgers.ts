import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../../model/problem.ts'
import { toProblem } from '../../model/problem.ts'
import { type Creation, type LedgerOwner, parseRecord } from './record.ts'

/** A ledger as it stands in its file. */
export type Ledger = {
  readonly path: string
  readonly owner: LedgerOwner
  /** What may still be there, in the order in which it was created. */
  readonly left: readonly Creation[]
  /** Whether the run came to its end, so that its tokens are revoked. */
  readonly ended: boolean
  /** When its last resource was created: epoch milliseconds. */
  readonly lastTime: number
}

/** The longest ledger that is read, in bytes. */
const longest = 64 * 1024 * 1024

/** Reads all ledgers of a folder, oldest first, and tells of those that are none. */
export async function readLedgers(
  folder: string,
): Promise<{ readonly ledgers: readonly Ledger[]; readonly problems: readonly Problem[] }> {
  const ledgers: Ledger[] = []
  const problems: Problem[] = []
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') problems.push(unreadable(folder, error))
    return []
  })
  for (const entry of entries) {
    // A link may lead to a file of somebody else.
    if (!entry.isFile() || !entry.name.endsWith('.ndjson')) continue
    const path = join(folder, entry.name)
    try {
      const ledger = await readLedger(path)
      if (ledger === undefined) problems.push(unreadable(path, 'It does not begin as a ledger does.'))
      else ledgers.push(ledger)
    } catch (error) {
      // A run that ended meanwhile has taken its own away.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problems.push(unreadable(path, error))
    }
  }
  return { ledgers: ledgers.sort((one, other) => one.lastTime - other.lastTime), problems }
}

/** Reads one ledger; undefined for a file that does not begin as one. */
export async function readLedger(path: string): Promise<Ledger | undefined> {
  const bytes = await readFile(path)
  if (bytes.length > longest) return undefined
  const [first = '', ...lines] = bytes.toString().split('\n')
  const owner = parseRecord(first)
  if (owner?.kind !== 'run') return undefined
  const left = new Map<number, Creation>()
  let ended = false
  let lastTime = 0
  for (const line of lines) {
    const record = parseRecord(line)
    if (record === undefined) continue
    if (record.kind === 'end') ended = true
    if (record.kind === 'create') {
      left.set(record.entry, record)
      lastTime = Math.max(lastTime, Date.parse(record.time) || 0)
    }
    if (record.kind !== 'known' && record.kind !== 'gone') continue
    const known = left.get(record.entry)
    if (known === undefined) continue
    const deletes =
      record.kind === 'known'
        ? record.deletes
        : record.url === undefined
          ? []
          : known.deletes.filter((url) => url !== record.url)
    if (record.kind === 'gone' && deletes.length === 0) left.delete(record.entry)
    else left.set(record.entry, { ...known, deletes })
  }
  return { path, owner, left: [...left.values()], ended, lastTime }
}

function unreadable(path: string, cause: unknown): Problem {
  const { message } = toProblem(cause)
  return { code: 'FILE_UNREADABLE', message: `The ledger "${path}" cannot be read.`, causes: [message] }
}
