import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'
import type { Json } from '../../model/recipe.ts'
import { type Alternatives, type SchemaGuide, wantsText } from '../schema/guided-schema.ts'
import { keyOf, type Merging, pairsOf } from './merge-keys.ts'
import { numberOf } from './yaml-number.ts'

/** How much aliases may add, and how deep a document may be. */
export const limits = { aliased: 10_000, depth: 64 }

/** What is said of more. */
export const tooDeepMessage = `Nothing may be nested deeper than ${limits.depth} levels.`

/** Tells of something wrong with a node, and gives the value that stands for it. */
type Fault = (node: Node, message: string, hint?: string) => null

/** Makes data of the nodes of one document, and remembers what its aliases and merge keys stand for. */
export class YamlConversion {
  readonly merging: Merging
  readonly #guide: SchemaGuide
  readonly #fault: Fault
  readonly #anchors = new Map<string, Node>()
  readonly #targets = new Map<Node, Node>()
  readonly #open = new Set<Node>()
  #aliased = 0
  #aliasDepth = 0

  constructor(guide: SchemaGuide, fault: Fault) {
    this.#guide = guide
    this.#fault = fault
    this.merging = {
      resolve: (node) => this.#targetOf(node),
      refuse: (key) => void fault(key, 'A merge key `<<` takes a mapping, or a list of mappings.'),
      found: new WeakMap(),
    }
  }

  /** The data of a whole document. */
  dataOf(contents: Node | null): Json {
    return this.#convert(contents, this.#guide.root, 0)
  }

  /** The node itself, or what it stands for, once the document was converted. */
  resolve(node: unknown): Node | undefined {
    if (!isAlias(node)) return (node ?? undefined) as Node | undefined
    return this.#targets.get(node)
  }

  #convert(node: Node | null, at: Alternatives, depth: number): Json {
    if (node === null) return null
    if (isAlias(node)) return this.#convertAlias(node, at, depth)
    if (this.#aliasDepth > 0 && ++this.#aliased > limits.aliased) return null
    if (depth > limits.depth) return this.#fault(node, tooDeepMessage)
    if ('anchor' in node && node.anchor) this.#anchors.set(node.anchor, node)
    if (isScalar(node)) return this.#convertScalar(node, at)
    this.#open.add(node)
    const result = isSeq(node)
      ? node.items.map((item, index) =>
          this.#convert(item as Node | null, this.#guide.child(at, index), depth + 1),
        )
      : isMap(node)
        ? this.#convertMap(node, at, depth)
        : null
    this.#open.delete(node)
    return result
  }

  #convertMap(node: YAMLMap, at: Alternatives, depth: number): Json {
    const result: { [key: string]: Json } = {}
    const add = (pair: YAMLMap['items'][number]): void => {
      const key = keyOf(pair.key)
      if (key === undefined) {
        this.#fault((pair.key as Node | null) ?? node, 'A key must be a plain name.')
        return
      }
      const value = this.#convert(pair.value as Node | null, this.#guide.child(at, key), depth + 1)
      if (key === '__proto__')
        Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true })
      else result[key] = value
    }
    const { own, merged } = pairsOf(node, this.merging)
    const before = this.#aliased
    this.#aliasDepth++
    merged.forEach(add)
    this.#aliasDepth--
    this.#refuseMany(node, before)
    own.forEach(add)
    return result
  }

  #convertAlias(node: Node & { source: string }, at: Alternatives, depth: number): Json {
    const target = this.#targetOf(node)
    if (target === undefined) return null
    const before = this.#aliased
    this.#aliasDepth++
    const result = this.#convert(target, at, depth)
    this.#aliasDepth--
    this.#refuseMany(node, before)
    return result
  }

  #convertScalar(
    node: { value: unknown; source?: string; type?: string; tag?: string } & Node,
    at: Alternatives,
  ): Json {
    const { value } = node
    if (typeof value === 'string' || value === null || value === undefined) return value ?? null
    if (node.type === 'PLAIN' && node.source !== undefined && wantsText(at, value)) return node.source
    if (typeof value === 'boolean') return value
    if (typeof value !== 'number')
      return this.#fault(node, 'Only text, numbers, booleans and null can be used here.')
    const number = numberOf({ ...node, value })
    return typeof number === 'object' ? this.#fault(node, number.message, 'Put it in quotes.') : number
  }

  /** What an alias stands for, or the node itself. */
  #targetOf(node: unknown): Node | undefined {
    if (!isAlias(node)) return (node ?? undefined) as Node | undefined
    const target = this.#targets.get(node) ?? this.#anchors.get(node.source)
    if (target === undefined) this.#fault(node, `No "&${node.source}" stands before this alias.`)
    else if (this.#open.has(target)) this.#fault(node, `"*${node.source}" contains itself.`)
    else {
      this.#targets.set(node, target)
      return target
    }
    return undefined
  }

  #refuseMany(node: Node, before: number): void {
    if (before <= limits.aliased && this.#aliased > limits.aliased && this.#aliasDepth === 0)
      this.#fault(node, `Aliases add more than ${limits.aliased} values to this file.`)
  }
}
