import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  type YAMLMap,
} from 'yaml'
import type { Position } from '../../model/problem.ts'
import type { DataPath, Json } from '../../model/recipe.ts'
import { type Alternatives, type SchemaGuide, wantsText } from '../schema/guided-schema.ts'
import { type Merging, pairsOf } from './merge-keys.ts'
import { findTooDeep } from './yaml-depth.ts'
import { faultsOf } from './yaml-fault.ts'
import { numberOf } from './yaml-number.ts'

/** Something wrong in the YAML itself. */
type YamlFault = { readonly at: Position; readonly message: string; readonly hint?: string }

/** One YAML document that remembers where everything stands. */
export type YamlSource = {
  readonly faults: readonly YamlFault[]
  /** Whether the document is so broken that its data means nothing. */
  readonly broken: boolean
  readonly data: Json
  /** The place of the value at a path, or of the nearest thing around it. */
  locate(path: DataPath): Position
  /** The place of a key. */
  locateKey(path: DataPath): Position
  /** The place of a part of a text at a path; `marker` is where the part starts in the text. */
  locateWithin(path: DataPath, text: string, offset: number, length: number): Position
  /** The text of a scalar as it stands in the file; undefined when there is no plain scalar. */
  sourceOf(path: DataPath): string | undefined
}

/** How much aliases may add, and how deep a document may be. */
const limits = { aliased: 10_000, depth: 64 }
const tooDeepMessage = `Nothing may be nested deeper than ${limits.depth} levels.`

const severalDocuments = {
  message: 'A file holds one recipe.',
  hint: 'Put what follows "---" into a file of its own.',
}

/** Reads one YAML document. Where the guide's schema wants a string, a plain scalar is taken as its source text. */
export function readYaml(text: string, file: string, guide: SchemaGuide): YamlSource {
  const lines = new LineCounter()
  const faults: YamlFault[] = []
  const anchors = new Map<string, Node>()
  const targets = new Map<Node, Node>()
  const open = new Set<Node>()
  const indexes = new WeakMap<YAMLMap, Map<string, YAMLMap['items'][number]>>()
  const merging: Merging = {
    resolve: targetOf,
    refuse: (key) => void fault(key, 'A merge key `<<` takes a mapping, or a list of mappings.'),
    found: new WeakMap(),
  }
  let aliased = 0
  let aliasDepth = 0

  function position(start: number, length = 1): Position {
    const { line, col } = lines.linePos(start)
    const from = lines.lineStarts[line - 1] ?? 0
    const next = lines.lineStarts[line]
    const source = text.slice(from, next === undefined ? undefined : next - 1).replace(/\r$/, '')
    const room = Math.max(1, source.length - col + 1)
    return { file, line, column: col, length: Math.max(1, Math.min(length, room)), source }
  }

  function fault(node: Node, message: string, hint?: string): null {
    const [start = 0, end = start + 1] = node.range ?? []
    faults.push({ at: position(start, end - start), message, ...(hint && { hint }) })
    return null
  }

  function convert(node: Node | null, at: Alternatives, depth: number): Json {
    if (node === null) return null
    if (isAlias(node)) return convertAlias(node, at, depth)
    if (aliasDepth > 0 && ++aliased > limits.aliased) return null
    if (depth > limits.depth) return fault(node, tooDeepMessage)
    if ('anchor' in node && node.anchor) anchors.set(node.anchor, node)
    if (isScalar(node)) return convertScalar(node, at)
    open.add(node)
    const result = isSeq(node)
      ? node.items.map((item, index) => convert(item as Node | null, guide.child(at, index), depth + 1))
      : isMap(node)
        ? convertMap(node, at, depth)
        : null
    open.delete(node)
    return result
  }

  function convertMap(node: YAMLMap, at: Alternatives, depth: number): Json {
    const result: { [key: string]: Json } = {}
    const add = (pair: YAMLMap['items'][number]): void => {
      const key = keyOf(pair.key)
      if (key === undefined) {
        fault((pair.key as Node | null) ?? node, 'A key must be a plain name.')
        return
      }
      const value = convert(pair.value as Node | null, guide.child(at, key), depth + 1)
      if (key === '__proto__')
        Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true })
      else result[key] = value
    }
    const { own, merged } = pairsOf(node, merging)
    const before = aliased
    aliasDepth++
    merged.forEach(add)
    aliasDepth--
    refuseMany(node, before)
    own.forEach(add)
    return result
  }

  function refuseMany(node: Node, before: number): void {
    if (before <= limits.aliased && aliased > limits.aliased && aliasDepth === 0)
      fault(node, `Aliases add more than ${limits.aliased} values to this file.`)
  }

  /** What an alias stands for, or the node itself. */
  function targetOf(node: unknown): Node | undefined {
    if (!isAlias(node)) return (node ?? undefined) as Node | undefined
    const target = targets.get(node) ?? anchors.get(node.source)
    if (target === undefined) fault(node, `No "&${node.source}" stands before this alias.`)
    else if (open.has(target)) fault(node, `"*${node.source}" contains itself.`)
    else {
      targets.set(node, target)
      return target
    }
    return undefined
  }

  function convertAlias(node: Node & { source: string }, at: Alternatives, depth: number): Json {
    const target = targetOf(node)
    if (target === undefined) return null
    const before = aliased
    aliasDepth++
    const result = convert(target, at, depth)
    aliasDepth--
    refuseMany(node, before)
    return result
  }

  function convertScalar(
    node: { value: unknown; source?: string; type?: string; tag?: string } & Node,
    at: Alternatives,
  ): Json {
    const { value } = node
    if (typeof value === 'string' || value === null || value === undefined) return value ?? null
    if (node.type === 'PLAIN' && node.source !== undefined && wantsText(at, value)) return node.source
    if (typeof value === 'boolean') return value
    if (typeof value !== 'number')
      return fault(node, 'Only text, numbers, booleans and null can be used here.')
    const number = numberOf({ ...node, value })
    return typeof number === 'object' ? fault(node, number.message, 'Put it in quotes.') : number
  }

  function resolve(node: unknown): Node | undefined {
    if (!isAlias(node)) return (node ?? undefined) as Node | undefined
    return targets.get(node)
  }

  function indexOf(node: YAMLMap): Map<string, YAMLMap['items'][number]> {
    let index = indexes.get(node)
    if (!index) {
      const { own, merged } = pairsOf(node, merging)
      index = new Map([...merged, ...own].map((pair) => [keyOf(pair.key) ?? '', pair]))
      indexes.set(node, index)
    }
    return index
  }

  function find(path: DataPath): { key: Node | undefined; node: Node | undefined; whole: boolean } {
    let node: Node | undefined = resolve(document?.contents)
    let key: Node | undefined
    for (const step of path) {
      if (isMap(node)) {
        const pair = indexOf(node).get(String(step))
        if (!pair) return { key, node, whole: false }
        key = (pair.key ?? undefined) as Node | undefined
        node = resolve(pair.value)
      } else if (isSeq(node) && node.items[Number(step)] !== undefined) {
        node = resolve(node.items[Number(step)])
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

  let document: Document | undefined
  let broken = false
  let data: Json = null
  const tokens = [...new Parser(lines.addNewLine).parse(text)]
  const tooDeep = findTooDeep(tokens, limits.depth)
  if (tooDeep === undefined) {
    const composer = new Composer({ uniqueKeys: true, prettyErrors: false, stringKeys: false })
    const [first, second] = composer.compose(tokens, true, text.length)
    document = first
    const errors = [...(first?.errors ?? []), ...(first?.warnings ?? [])]
    broken = errors.some(({ code }) => code !== 'DUPLICATE_KEY')
    for (const { start, end, ...told } of faultsOf(errors, text))
      faults.push({ at: position(start, end - start), ...told })
    if (second !== undefined) {
      broken = true
      faults.push({ at: position(second.range[0], second.range[1] - second.range[0]), ...severalDocuments })
    }
    if (!broken) data = convert((document?.contents ?? null) as Node | null, guide.root, 0)
  } else {
    broken = true
    faults.push({ at: position(tooDeep), message: tooDeepMessage })
  }

  return {
    faults,
    broken,
    data,
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

function keyOf(key: unknown): string | undefined {
  if (typeof key === 'string') return key
  if (!isScalar(key)) return undefined
  if (typeof key.value === 'string') return key.value
  return key.source === undefined || key.source === '' ? undefined : key.source
}
