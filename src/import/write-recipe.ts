import { Document, isMap, isScalar, isSeq, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { Json } from '../model/recipe.ts'
import { hasUnseen, visibleText } from '../util/text/visible.ts'
import type { Draft, DraftInput, DraftStep } from './draft.ts'

/** Writes a draft as a person writes a recipe: modeline, inputs, a blank line before each step, short things in braces. */
export function writeRecipe(name: string, draft: Draft): string {
  const document = new Document()
  const root = new YAMLMap<Scalar, Node>()
  const add = (key: string, value: Node): void => {
    root.items.push(new Pair(new Scalar(key), value))
  }
  add('osrun', new Scalar(1))
  add('name', textNode(name))
  if (draft.inputs.length > 0) add('inputs', inputsNode(draft.inputs))
  add('steps', stepsNode(draft.steps))
  for (const pair of root.items.slice(2)) pair.key.spaceBefore = true
  document.contents = root as typeof document.contents
  const modeline = '# yaml-language-server: $schema=../recipe.schema.json\n'
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: true })
  // The library leaves a space after a key without a value.
  return modeline + escaped(text.replace(/^( *(?:- )?(?:authenticate|revoke):) +$/gm, '$1'))
}

function inputsNode(inputs: readonly DraftInput[]): Node {
  const map = new YAMLMap<Scalar, Node>()
  for (const { name, secret, description, isFile, default: given } of inputs) {
    if (given !== undefined) {
      map.items.push(new Pair(new Scalar(name), textNode(given)))
      continue
    }
    const value = toNode({
      type: 'string',
      ...(isFile === true && { format: 'path' }),
      ...(description !== undefined && { description }),
      ...(secret && { writeOnly: true }),
    })
    if (isMap(value)) value.flow = true
    map.items.push(new Pair(new Scalar(name), value))
  }
  return map
}

function stepsNode(steps: readonly DraftStep[]): Node {
  const list = new YAMLSeq<Node>()
  for (const [index, { verb, value, note, timeout, comments }] of steps.entries()) {
    const step = new YAMLMap<Scalar, Node>()
    const add = (key: string, node: Node): void => {
      step.items.push(new Pair(new Scalar(key), node))
    }
    add(verb, verbNode(verb, value))
    if (note !== undefined) add('note', textNode(note))
    if (timeout !== undefined) add('timeout', textNode(timeout))
    step.spaceBefore = index > 0
    if (comments.length > 0) step.commentBefore = comments.map((line) => ` ${oneLine(line)}`).join('\n')
    list.items.push(step)
  }
  return list
}

function verbNode(verb: string, value: Json): Node {
  const node = toNode(value)
  // `- authenticate:` and nothing after it.
  if (isScalar(node) && node.value === null) node.source = ''
  if (verb !== 'request' && verb !== 'assert' && JSON.stringify(value).length <= longestLine) flow(node)
  return node
}

/** How long a mapping of a login or an endpoint may be on one line. */
const longestLine = 90

function toNode(value: Json, depth = 0): Node {
  if (typeof value === 'string') return textNode(value)
  if (typeof value !== 'object' || value === null) return new Scalar(value)
  if (Array.isArray(value)) {
    const list = new YAMLSeq<Node>()
    list.items.push(...value.map((item: Json) => toNode(item, depth + 1)))
    return isShort(list) ? flow(list) : list
  }
  const map = new YAMLMap<Scalar, Node>()
  for (const [key, child] of Object.entries(value))
    map.items.push(new Pair(textNode(key), toNode(child, depth + 1)))
  return depth > 0 && isShort(map) ? flow(map) : map
}

function flow<T extends Node>(node: T): T {
  if (isMap(node) || isSeq(node)) {
    node.flow = true
    for (const item of node.items) flow((item instanceof Pair ? item.value : item) as Node)
  }
  return node
}

// One or two plain things fit on a line; text of several lines never does.
function isShort(node: YAMLMap<Scalar, Node> | YAMLSeq<Node>): boolean {
  const items: readonly Node[] = isMap(node)
    ? node.items.flatMap(({ key, value }) => [key, value as Node])
    : (node.items as readonly Node[])
  const length = items.reduce((sum, item) => sum + (isScalar(item) ? String(item.value).length + 4 : 0), 0)
  return (
    length <= 70 &&
    items.length <= 6 &&
    items.every((item) =>
      isScalar(item) ? !String(item.value).includes('\n') : (item as YAMLMap).items.length === 0,
    )
  )
}

function textNode(text: string): Scalar {
  const scalar = new Scalar(text)
  // A block keeps its lines; what it cannot hold goes into double quotes.
  if (hasUnseen(text) || /^[ \t]*::|##\w*\[/m.test(text)) scalar.type = 'QUOTE_DOUBLE'
  else if (/\n/.test(text))
    scalar.type = /^[ \n]|[^\P{C}\n]|\s\n|[\u2028\u2029]/u.test(text) ? 'QUOTE_DOUBLE' : 'BLOCK_LITERAL'
  else if (/[^\P{C}]|[\u2028\u2029]/u.test(text)) scalar.type = 'QUOTE_DOUBLE'
  return scalar
}

// What is not seen stands in double quotes, where an escape is the character, or in a comment.
function escaped(text: string): string {
  const wide = /[\u{10000}-\u{10ffff}]/gu
  const short = text.replace(wide, (character) =>
    hasUnseen(character) ? `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}` : character,
  )
  return visibleText(short, { color: false })
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
}
