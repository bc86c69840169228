import type { DataPath, Json } from '../../model/recipe.ts'
import { ownValue } from './render-template.ts'
import { readTemplate, type Template } from './template.ts'

/** A read whose value is put where its template stands. */
export type SentRead = {
  /** Where the template stands in the value. */
  readonly place: DataPath
  /** What it reads: `env`, `OS_PASSWORD`. */
  readonly path: DataPath
  /** The path as it was written. */
  readonly name: string
  readonly value: unknown
}

/** Finds the value of a read by its path as it is written. */
type Lookup = (name: string) => unknown

/** The reads of all templates in a value that have a value now, with it; of a read with a default the one that is taken. */
export function* sentReads(value: Json, lookup: Lookup, place: DataPath = []): Generator<SentRead> {
  if (typeof value === 'string') {
    if (value.includes('${')) yield* taken(readTemplate(value).template, lookup, place)
  } else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value))
      yield* sentReads(item, lookup, [...place, Array.isArray(value) ? Number(key) : key])
}

function* taken({ parts }: Template, lookup: Lookup, place: DataPath): Generator<SentRead> {
  for (const part of parts) {
    if (part.kind === 'text') continue
    const { path, name, fallback } = part
    const value = ownValue(lookup(name))
    const isEmpty = value === undefined || value === null || value === ''
    if (!isEmpty) yield { place, path, name, value }
    else if (fallback !== undefined) yield* taken(fallback, lookup, place)
  }
}
