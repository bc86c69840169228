/** A mapping, as YAML and JSON have them. */
import { jsonText } from '../util/parse-json.ts'
export function isMapping(
  value: unknown,
): value is { readonly [key: string]: never } & Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A scalar as the text that stands for it; JSON for anything else; nothing for nothing. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? jsonText(value) : String(value)
}
