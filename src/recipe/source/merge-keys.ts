import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'

/** A key with its value. */
export type Pair = YAMLMap['items'][number]

type Pairs = { readonly own: readonly Pair[]; readonly merged: readonly Pair[] }

/** What finding the pairs of a mapping needs. */
export type Merging = {
  /** The mapping or list that stands for an alias; itself for any other node, undefined for an alias without an anchor. */
  resolve(node: unknown): Node | undefined
  /** Is told of a merge key whose value is no mapping. */
  refuse(node: Node): void
  /** What has been found: mappings that merge each other many times are looked at once. */
  readonly found: WeakMap<YAMLMap, Pairs>
}

/**
 * The pairs of a mapping: its own, and those of its merge keys `<<`, which give what it lacks, the first of several first.
 * https://yaml.org/type/merge.html
 */
export function pairsOf(node: YAMLMap, merging: Merging): Pairs {
  const found = merging.found.get(node) ?? findPairs(node, merging)
  merging.found.set(node, found)
  return found
}

function findPairs(node: YAMLMap, merging: Merging): Pairs {
  const own = node.items.filter(({ key }) => !isMergeKey(key))
  if (own.length === node.items.length) return { own, merged: [] }
  const known = new Set(own.map(({ key }) => nameOf(key)))
  const merged = node.items
    .filter(({ key }) => isMergeKey(key))
    .flatMap(({ key, value }) => mapsOf(value, key as Node, merging))
    .flatMap((map) => {
      const given = pairsOf(map, merging)
      return [...given.own, ...given.merged]
    })
    .filter(({ key }) => {
      const isNew = !known.has(nameOf(key))
      known.add(nameOf(key))
      return isNew
    })
  return { own, merged }
}

function mapsOf(value: unknown, key: Node, { resolve, refuse }: Merging): readonly YAMLMap[] {
  const found = resolve(value)
  return (isSeq(found) ? found.items.map(resolve) : [found]).flatMap((one) => {
    if (isMap(one)) return [one]
    // An alias without a target is told already.
    if (one !== undefined || value === null) refuse(key)
    return []
  })
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN'
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : ''
}

/** The name that a key is; undefined for what is no plain name. */
export function keyOf(key: unknown): string | undefined {
  if (typeof key === 'string') return key
  if (!isScalar(key)) return undefined
  if (typeof key.value === 'string') return key.value
  return key.source === undefined || key.source === '' ? undefined : key.source
}
