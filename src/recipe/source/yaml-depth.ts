import type { CST } from 'yaml'

/**
 * Where a YAML file is nested too deeply to be composed, by its tokens, which the parser makes without recursion: the
 * composer is recursive, so that what it can take would depend on the stack that is left.
 *
 * @param limit how many collections may stand within one another
 * @returns the offset of the first collection that is one too deep
 */
export function findTooDeep(tokens: Iterable<CST.Token>, limit: number): number | undefined {
  const left: (readonly [token: CST.Token | null | undefined, depth: number])[] = []
  for (const token of tokens) {
    left.push([token.type === 'document' ? token.value : undefined, 1])
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [found, depth] = next
      if (!found || !('items' in found)) continue
      if (depth > limit) return found.offset
      for (const { key, value } of found.items as readonly { key?: CST.Token | null; value?: CST.Token }[])
        left.push([value, depth + 1], [key, depth + 1])
    }
  }
  return undefined
}
