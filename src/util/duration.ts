const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/**
 * The milliseconds of a duration with a unit: `500ms`, `2s`, `1.5m`, `1h`.
 * Undefined for anything else; a bare number has no meaning here.
 */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h)$/.exec(text) ?? []
  if (amount === undefined || unit === undefined) return undefined
  return Math.round(Number(amount) * units[unit as keyof typeof units])
}

/** What a duration looks like, for schemas and messages. */
export const durationPattern = '^[0-9]{1,9}(\\.[0-9]{1,6})?(ms|s|m|h)$'

/** Milliseconds as people read them: `12.1 s`. */
export function toSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
