import { DataProblem } from './data-problem.ts'

/** Something that was noted: of which kind, which one, and what of it. */
export type KeptRecord = {
  readonly kind: string
  readonly names: readonly string[]
  readonly fields: Readonly<Record<string, unknown>>
}

/** Takes a key and its value apart. */
export function parseRecord(key: string, value: string): KeptRecord {
  const [kind = '', ...names] = key.split('\0')
  return { kind, names, fields: { ...Object(JSON.parse(value)) } }
}

/** A field that is a text. */
export function textIn(record: KeptRecord, field: string): string {
  const value = record.fields[field]
  return known(record, field, typeof value === 'string' ? value : undefined)
}

/** A field that is a text or not there. */
export function textOrNone(record: KeptRecord, field: string): string | undefined {
  return record.fields[field] === undefined ? undefined : textIn(record, field)
}

/** A field that is a number. */
export function numberIn(record: KeptRecord, field: string): number {
  const value = record.fields[field]
  return known(record, field, typeof value === 'number' ? value : undefined)
}

/** A field that is a list of texts. */
export function textsIn(record: KeptRecord, field: string): readonly string[] {
  const value = record.fields[field]
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'string')
  return known(record, field, isList ? value : undefined)
}

/** A field that is a list of pairs of texts. */
export function pairsIn(record: KeptRecord, field: string): ReadonlyMap<string, string> {
  const value = record.fields[field]
  const isPair = (one: unknown): one is [string, string] =>
    Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === 'string')
  return known(record, field, Array.isArray(value) && value.every(isPair) ? new Map(value) : undefined)
}

/** What was found for a field; undefined is damage. */
export function known<T>({ kind, names }: KeptRecord, field: string, found: T | undefined): T {
  if (found !== undefined) return found
  // Names hold no secret: those of tokens are hashes.
  const which = names.map((name) => JSON.stringify(name)).join(' ')
  throw new DataProblem('invalid', `its ${kind} ${which} has no "${field}" that can be read`)
}
