import type { Json } from '../../model/recipe.ts'
import { visible } from '../../util/text/visible.ts'

/** The longest text of a value, in characters. */
const longest = 400

/** A value in one line. */
export function shortJson(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const shown = visible(text)
  return shown.length <= longest ? shown : `${shown.slice(0, longest)}…`
}

/** How long until a time of ISO 8601, in words: `59 min`; `over` once it is past. */
export function timeUntil(time: string, now: number): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000)
  if (Number.isNaN(seconds)) return ''
  if (seconds <= 0) return 'over'
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
