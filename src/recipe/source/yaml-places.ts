import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'
import type { Position } from '../../model/problem.ts'
import type { DataPath } from '../../model/recipe.ts'
import { keyOf, type Pair, pairsOf } from './merge-keys.ts'
import type { SourceText } from './source-text.ts'
import type { YamlConversion } from './yaml-conversion.ts'

/** Where the data of one document stands. */
export type YamlPlaces = {
  /** The place of the value at a path, or of the nearest thing around it. */
  locate(path: DataPath): Position
  /** The place of a key. */
  locateKey(path: DataPath): Position
  /** The place of a part of a text at a path; `offset` is where the part starts in the text. */
  locateWithin(path: DataPath, text: string, offset: number, length: number): Position
  /** The text of a scalar as it stands in the file; undefined when there is no plain scalar. */
  sourceOf(path: DataPath): string | undefined
}

/** Finds where the data of a document stands that was converted; `contents` is undefined where it could not be read. */
export function createPlaces(
  contents: unknown,
  conversion: YamlConversion,
  { text, position }: SourceText,
): YamlPlaces {
  const indexes = new WeakMap<YAMLMap, Map<string, Pair>>()

  function indexOf(node: YAMLMap): Map<string, Pair> {
    let index = indexes.get(node)
    if (!index) {
      const { own, merged } = pairsOf(node, conversion.merging)
      index = new Map([...merged, ...own].map((pair) => [keyOf(pair.key) ?? '', pair]))
      indexes.set(node, index)
    }
    return index
  }

  function find(path: DataPath): { key: Node | undefined; node: Node | undefined; whole: boolean } {
    let node: Node | undefined = conversion.resolve(contents)
    let key: Node | undefined
    for (const step of path) {
      if (isMap(node)) {
        const pair = indexOf(node).get(String(step))
        if (!pair) return { key, node, whole: false }
        key = (pair.key ?? undefined) as Node | undefined
        node = conversion.resolve(pair.value)
      } else if (isSeq(node) && node.items[Number(step)] !== undefined) {
        node = conversion.resolve(node.items[Number(step)])
        key = undefined
      } else return { key, node, whole: false }
    }
    return { key, node, whole: true }
  }

  function place(node: Node | undefined): Position | undefined {
    if (!node?.range) return undefined
    const [start, end] = node.range
    const first = isMap(node) && !node.flow ? (node.items[0]?.key as Node | undefined) : undefined
    const [from, to] = first?.range ?? [start, end]
    return position(from, to - from)
  }

  function locateKey(path: DataPath): Position {
    const { key, node } = find(path)
    return place(key) ?? place(node) ?? position(0)
  }

  function locate(path: DataPath): Position {
    const { key, node, whole } = find(path)
    const isText = isScalar(node) && node.range && node.range[1] > node.range[0]
    return (whole && isText ? place(node) : undefined) ?? place(key) ?? place(node) ?? position(0)
  }

  return {
    locate,
    locateKey,
    locateWithin(path, value, offset, length) {
      const { node } = find(path)
      if (!isScalar(node) || !node.range) return locate(path)
      // Escapes and folding move what follows them, so the same `${` is looked for in the source, by its number.
      const source = text.slice(node.range[0], node.range[1])
      const rank = value.slice(0, offset).split('${').length - 1
      let start = -1
      for (let count = 0; count <= rank; count++) start = source.indexOf('${', start + 1)
      return start === -1 ? locate(path) : position(node.range[0] + start, length)
    },
    sourceOf(path) {
      const { node } = find(path)
      return isScalar(node) && node.type === 'PLAIN' ? node.source : undefined
    },
  }
}
