import type { Position } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import { annotations } from '../../recipe/expectation/simple-schema.ts'
import { cannotExport } from '../cannot-export.ts'
import { toJqPattern } from './pattern.ts'

type Writing = { readonly toJq: ToJq; readonly at: Position; readonly schema: JsonSchema }

/**
 * A jq filter that gives the differences between its input and a JSON Schema, worded as ajv and osrun word them.
 * Throws `EXPORT_IMPOSSIBLE` for references and for what depends on what other keywords have looked at.
 */
export function toJqDifferences(schema: Json, toJq: ToJq, at: Position): string {
  if (schema === true) return 'empty'
  if (schema === false) return 'miss("boolean schema is false")'
  const own = schema as JsonSchema
  const parts = Object.entries(own).flatMap(([keyword, value]) => {
    if (annotations.has(keyword) || keyword.startsWith('x-')) return []
    const write = keywords[keyword]
    if (write === undefined) throw cannotExport(`The keyword ${keyword} of a JSON Schema`, at)
    const written = write(value, { toJq, at, schema: own })
    return written === '' ? [] : [written]
  })
  return parts.length === 0 ? 'empty' : `(${parts.join(', ')})`
}

const typeNames: Readonly<Record<string, readonly [words: string, test: string]>> = {
  string: ['text', 'type == "string"'],
  number: ['a number', 'type == "number"'],
  integer: ['a whole number', '(type == "number" and . == floor)'],
  boolean: ['true or false', 'type == "boolean"'],
  null: ['null', '. == null'],
  array: ['a list', 'type == "array"'],
  object: ['a mapping', 'type == "object"'],
}

function typed(types: readonly string[]): string {
  const known = types.map((type) => typeNames[type] ?? [type, 'false'])
  const words = known.map(([name]) => name).join(' or ')
  return `(select(${known.map(([, test]) => test).join(' or ')} | not) | miss(${JSON.stringify(words)}) | .type = true)`
}

type Write = (value: Json, writing: Writing) => string

const limit =
  (kind: string, operator: string, words: string): Write =>
  (value, { toJq }) =>
    `(${kind} | (${toJq(value)}) as $limit | select(. ${operator} $limit | not) | miss("${words.replace('#', '\\($limit)')}"))`

const count =
  (kind: string, words: 'at least' | 'at most', noun: string): Write =>
  (value, { toJq }) =>
    `(${kind} | (${toJq(value)}) as $limit | select(length ${words === 'at least' ? '>=' : '<='} $limit | not) | miss("${words} \\($limit) ${noun}" + (if $limit == 1 then "" else "s" end)))`

const list = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [value])
const entries = (value: Json): readonly (readonly [string, Json])[] => Object.entries(value as JsonSchema)
const text = (value: string): string => JSON.stringify(value)
const inner = (value: Json, { toJq, at }: Writing): string => toJqDifferences(value, toJq, at)
const holds = (value: Json, writing: Writing): string => `([${inner(value, writing)}] == [])`
const shownText = (value: Json, { toJq }: Writing): string => `(${toJq(value)} | shown)`

const keywords: Readonly<Record<string, Write>> = {
  type: (value) => typed(list(value).map(String)),
  const: (value, writing) =>
    `(select(. == ${writing.toJq(value)} | not) | miss(${shownText(value, writing)}))`,
  enum: (value, writing) =>
    `(${writing.toJq(value)} as $list | select(. as $value | $list | any(. == $value) | not) | miss("one of " + ($list | map(shown) | join(", "))))`,
  minimum: limit('numbers', '>=', 'at least #'),
  maximum: limit('numbers', '<=', 'at most #'),
  exclusiveMinimum: limit('numbers', '>', 'more than #'),
  exclusiveMaximum: limit('numbers', '<', 'less than #'),
  multipleOf: (value, { toJq }) =>
    `(numbers | (${toJq(value)}) as $limit | select(. / $limit | . == floor | not) | miss("be multiple of \\($limit)"))`,
  minLength: count('strings', 'at least', 'character'),
  maxLength: count('strings', 'at most', 'character'),
  minItems: count('arrays', 'at least', 'item'),
  maxItems: count('arrays', 'at most', 'item'),
  minProperties: count('objects', 'at least', 'key'),
  maxProperties: count('objects', 'at most', 'key'),
  pattern: (value, { at, toJq }) => {
    if (toJq(value) !== JSON.stringify(value)) throw cannotExport('A pattern that is not written out', at)
    return `(strings | select(test(${text(toJqPattern(String(value), at))}) | not) | miss(${text(`text that matches ${String(value)}`)}))`
  },
  items: (value, writing) => {
    const start = Array.isArray(writing.schema.prefixItems) ? writing.schema.prefixItems.length : 0
    if (value === false)
      return `(arrays | select(length > ${start}) | miss("not have more than ${start} items"))`
    return `(arrays | range(${start}; length) as $i | .[$i] | ${inner(value, writing)} | at_key($i))`
  },
  prefixItems: (value, writing) =>
    `(arrays | (${list(value)
      .map(
        (one, index) =>
          `(select(length > ${index}) | .[${index}] | ${inner(one, writing)} | at_key(${index}))`,
      )
      .join(', ')}))`,
  contains: (value, writing) => {
    const { minContains = 1, maxContains } = writing.schema
    const most = maxContains === undefined ? 'infinite' : writing.toJq(maxContains)
    const least = writing.toJq(minContains)
    const words =
      maxContains === undefined
        ? `"contain at least \\(${least}) valid item(s)"`
        : `"contain at least \\(${least}) and no more than \\(${most}) valid item(s)"`
    return `(arrays | (map(select(${holds(value, writing)})) | length) as $count | select($count < ${least} or $count > ${most}) | ((select($count < ${least}) | range(0; length) as $i | .[$i] | ${inner(value, writing)} | at_key($i)), miss(${words})))`
  },
  minContains: () => '',
  maxContains: () => '',
  uniqueItems: (value) =>
    value === true
      ? '(arrays | . as $all | first(range(length - 1; 0; -1) as $i | range($i - 1; -1; -1) as $j | select($all[$i] == $all[$j]) | [$i, $j]) as [$i, $j] | miss("not have duplicate items (items ## \\($j) and \\($i) are identical)"))'
      : '',
  required: (value) =>
    `(objects | ${JSON.stringify(value)}[] as $key | select(has($key) | not) | miss("the key \\"\\($key)\\""))`,
  properties: (value, writing) =>
    entries(value)
      .map(([key, one]) => {
        const name = text(key)
        return `(objects | select(has(${name})) | .[${name}] | ${inner(one, writing)} | at_key(${name}))`
      })
      .join(', '),
  patternProperties: (value, writing) =>
    entries(value)
      .map(
        ([pattern, one]) =>
          `(objects | keys[] as $key | select($key | test(${text(toJqPattern(pattern, writing.at))})) | .[$key] | ${inner(one, writing)} | at_key($key))`,
      )
      .join(', '),
  additionalProperties: (value, writing) => {
    const { properties = {}, patternProperties = {} } = writing.schema
    const patterns = entries(patternProperties).map(
      ([pattern]) => ` and ($key | test(${text(toJqPattern(pattern, writing.at))}) | not)`,
    )
    const names = JSON.stringify(entries(properties).map(([key]) => key))
    const others = `objects | keys_unsorted[] as $key | select((${names} | index([$key]) | not)${patterns.join('')})`
    if (value === false) return `(${others} | miss("no key \\"\\($key)\\""))`
    return `(${others} | .[$key] | ${inner(value, writing)} | at_key($key))`
  },
  propertyNames: (value, writing) =>
    `(objects | keys_unsorted[] as $key | select($key | ${holds(value, writing)} | not) | miss("property name must be valid"))`,
  dependentRequired: (value) =>
    entries(value)
      .map(([key, needed]) => {
        const names = list(needed).map(String)
        const words = `have ${names.length === 1 ? 'property' : 'properties'} ${names.join(', ')} when property ${key} is present`
        return `(objects | select(has(${text(key)})) | ${JSON.stringify(names)}[] as $key | select(has($key) | not) | miss(${text(words)}))`
      })
      .join(', '),
  dependentSchemas: (value, writing) =>
    entries(value)
      .map(([key, one]) => `(select(type == "object" and has(${text(key)})) | ${inner(one, writing)})`)
      .join(', '),
  allOf: (value, writing) =>
    list(value)
      .map((one) => inner(one, writing))
      .join(', '),
  anyOf: (value, writing) => {
    const all = list(value)
    const none = all.map((one) => `(${holds(one, writing)} | not)`).join(' and ')
    const details = all.map((one) => inner(one, writing)).join(', ')
    return `(select(${none}) | (${details}, miss("match a schema in anyOf")))`
  },
  oneOf: (value, writing) => {
    const all = list(value)
    const counted = all.map((one) => `${holds(one, writing)}`).join(', ')
    const details = all.map((one) => inner(one, writing)).join(', ')
    return `(([${counted}] | map(select(.)) | length) as $count | select($count != 1) | ((select($count == 0) | ${details}), miss("match exactly one schema in oneOf")))`
  },
  not: (value, writing) => `(select(${holds(value, writing)}) | miss("not be valid"))`,
  if: (value, writing) => {
    const { then: yes = true, else: no = true } = writing.schema
    const branch = (name: string, one: Json): string =>
      one === true
        ? 'empty'
        : `([${inner(one, writing)}] | select(. != [])) as $all | ($all[], miss("match \\"${name}\\" schema"))`
    return `(if ${holds(value, writing)} then ${branch('then', yes)} else ${branch('else', no)} end)`
  },
  // biome-ignore lint/suspicious/noThenProperty: `then` is the name that JSON Schema gives this keyword.
  then: () => '',
  else: () => '',
}

/** Writes a value, which may hold placeholders, as a jq expression. */
export type ToJq = (value: Json) => string
