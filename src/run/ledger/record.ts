/** What tells one process of one machine from every other, also from a later one with the same number. */
export type ProcessMark = {
  readonly pid: number
  /** When it started, as its system says it; empty where that cannot be found out. */
  readonly started: string
  /** The machine, this start of it, and the namespace that the number is of; each empty where there is none. */
  readonly machine: string
  readonly boot: string
  readonly namespace: string
}

/** Whose ledger it is: the first line of the file. */
export type LedgerOwner = {
  readonly kind: 'run'
  /** The version of the format. */
  readonly osrun: 1
  readonly run: string
  readonly recipe: string
  readonly file: string
  readonly process: ProcessMark
}

/** Something that a request may have created. */
export type Creation = {
  readonly kind: 'create'
  readonly entry: number
  /** The service type in the catalog; empty where no endpoint fits. */
  readonly service: string
  /** The request that creates it. */
  readonly method: string
  readonly url: string
  /** The name that the request gave it, where its URL does not. */
  readonly name?: string
  /** The URLs to be deleted, in this order; none while nobody knows them. */
  readonly deletes: readonly string[]
  /** Whether the recipe itself deletes it at its end. */
  readonly deferred: boolean
  /** The Keystone that was asked, ending in `/v3`, and what the token was good for, by id and in words. */
  readonly identity: string
  readonly scope: string
  readonly scopeText: string
  /** Of the token that was sent: what names it in Keystone's logs, and its end. */
  readonly token?: { readonly auditId: string; readonly expiresAt: string }
  readonly step: string
  readonly time: string
}

/** A line of a ledger. `gone` without a URL is about all that an entry holds. */
export type LedgerRecord =
  | LedgerOwner
  | Creation
  | { readonly kind: 'known'; readonly entry: number; readonly deletes: readonly string[] }
  | { readonly kind: 'gone'; readonly entry: number; readonly url?: string }
  | { readonly kind: 'end'; readonly time: string }

/** Reads a line of a ledger, which anybody may have written; undefined when it is none. */
export function parseRecord(line: string): LedgerRecord | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    // The last line of a process that was killed while it wrote.
    return undefined
  }
  if (!isRecord(value)) return undefined
  switch (value.kind) {
    case 'run':
      return isOwner(value) ? (value as LedgerOwner) : undefined
    case 'create':
      return isCreation(value) ? (value as Creation) : undefined
    case 'known':
      return isEntry(value) && isTexts(value.deletes) ? (value as LedgerRecord) : undefined
    case 'gone':
      return isEntry(value) && isText(value.url ?? '') ? (value as LedgerRecord) : undefined
    case 'end':
      return isText(value.time) ? (value as LedgerRecord) : undefined
    default:
      return undefined
  }
}

function isOwner(value: Fields): boolean {
  const { process } = value
  return (
    value.osrun === 1 &&
    [value.run, value.recipe, value.file].every(isText) &&
    isRecord(process) &&
    Number.isSafeInteger(process.pid) &&
    [process.started, process.machine, process.boot, process.namespace].every(isText)
  )
}

function isCreation(value: Fields): boolean {
  const { token } = value
  const texts = ['service', 'method', 'url', 'identity', 'scope', 'scopeText', 'step', 'time']
  return (
    isEntry(value) &&
    texts.every((key) => isText(value[key])) &&
    isText(value.name ?? '') &&
    isTexts(value.deletes) &&
    typeof value.deferred === 'boolean' &&
    (token === undefined || (isRecord(token) && isText(token.auditId) && isText(token.expiresAt)))
  )
}

type Fields = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEntry(value: Fields): boolean {
  return Number.isSafeInteger(value.entry)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText)
}
