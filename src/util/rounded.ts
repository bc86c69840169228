/** A value with each bigint as a number, which may be rounded, for those who know no bigints; itself where it has none. */
export function rounded(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.map(rounded)
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  const entries = Object.entries(value).map(([key, child]) => [key, child, rounded(child)] as const)
  if (entries.every(([, child, other]) => child === other)) return value
  return Object.fromEntries(entries.map(([key, , other]) => [key, other]))
}
