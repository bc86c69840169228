/** The candidate that a misspelt word most likely means; undefined when none is close. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  const wanted = word.toLowerCase().slice(0, 100)
  for (const candidate of candidates) {
    const other = candidate.toLowerCase().slice(0, 100)
    const near = distance(wanted, other)
    const allowed =
      other.startsWith(wanted) || wanted.startsWith(other)
        ? 4
        : Math.max(1, Math.floor(Math.max(wanted.length, other.length) / 3))
    if (candidate !== '' && near <= allowed && near < bestDistance) {
      best = candidate
      bestDistance = near
    }
  }
  return best
}

// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_value, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let value = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, (before[j - 2] ?? 0) + 1)
      next.push(value)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
