/** A value as a message shows it: JSON, cut after 120 characters. */
import type { Json } from '../model/recipe.ts'
import { writeJson } from '../util/parse-json.ts'
export function shown(value: unknown): string {
  return cut(written(value))
}

/** A value as JSON, whole; what may hold a secret is cut only after it has been masked. */
export function written(value: unknown): string {
  return value === undefined ? 'nothing' : (writeJson(value) ?? String(value))
}

/** At most 120 characters of a text. */
export function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}

/** What kind of value this is, in the words of the recipe language; scalars are shown. */
export function describeKind(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return shown(value)
}

/** Why a step with `where` has no round. */
export function noItemReason(where: Json): string {
  const fields = Object.entries(where as { readonly [field: string]: Json }).map(
    ([field, wanted]) => `${field} ${typeof wanted === 'string' ? wanted : written(wanted)}`,
  )
  return cut(`no item has ${fields.join(' and ')}`)
}
