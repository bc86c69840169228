/**
 * Some of these scripts, which have between them each part that any of them has: again and again the one that has most of
 * what is still missing.
 *
 * @param scripts their parts, by name
 */
export function coverOf(scripts: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const missing = new Set([...scripts.values()].flat())
  const chosen: string[] = []
  while (missing.size > 0) {
    let [best, most] = ['', 0]
    for (const [name, parts] of scripts) {
      const count = new Set(parts.filter((part) => missing.has(part))).size
      if (count > most) [best, most] = [name, count]
    }
    chosen.push(best)
    for (const part of scripts.get(best) ?? []) missing.delete(part)
  }
  return chosen
}
