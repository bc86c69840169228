import type { PlannedExpectation } from '../../model/plan.ts'
import type { Json } from '../../model/recipe.ts'
import { cut } from '../../recipe/describe.ts'
import { jsonText } from '../../util/parse-json.ts'

/** What an expectation asks for, in words that follow "is": `at least 1`, `"a" or "b"`. Templates stay as they are. */
export function expectationWords(expected: Json): string {
  if (isList(expected)) return either(expected.map((one) => cut(jsonText(one))))
  if (typeof expected !== 'object' || expected === null) return cut(jsonText(expected))
  const words: string[] = []
  for (const [keyword, value] of Object.entries(expected)) {
    const write = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined
    // What has no words is shown as it was written, whole.
    if (write === undefined) return `what fits ${cut(jsonText(expected))}`
    words.push(write(value))
  }
  return words.length === 0 ? 'anything' : words.join(', ')
}

/** Everything that an assertion looks at, in the order in which it does. */
export function assertionWords(assertion: Json): readonly PlannedExpectation[] {
  const input = isMapping(assertion) ? assertion : {}
  const one = (subject: string, expected: Json): PlannedExpectation => ({
    subject,
    expected: expectationWords(expected),
  })
  const each = (key: string, subject: (name: string) => string): readonly PlannedExpectation[] =>
    Object.entries(isMapping(input[key]) ? input[key] : {}).map(([name, value]) => one(subject(name), value))
  return [
    ...['status', 'size', 'md5', 'sha256', 'body'].flatMap((key) =>
      input[key] === undefined ? [] : [one(key, input[key])],
    ),
    ...(input.schema === undefined ? [] : [one('$', input.schema)]),
    ...each('headers', (name) => `headers.${name}`),
    ...each('json', (query) => query),
    ...(input.duration === undefined
      ? []
      : [{ subject: 'duration', expected: `at most ${String(input.duration)}` }]),
    ...each('context', (name) => name),
  ]
}

/** `a, b or c`. */
export function either(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

const text = (value: Json): string => (typeof value === 'string' ? value : cut(jsonText(value)))
const counted =
  (words: string, noun: string) =>
  (value: Json): string =>
    `${words} ${text(value)} ${noun}${value === 1 ? '' : 's'}`

const keywords: Readonly<Record<string, (value: Json) => string>> = {
  const: (value) => cut(jsonText(value)),
  enum: expectationWords,
  type: (value) => either([value].flat().map((name) => typeNames[String(name)] ?? String(name))),
  minimum: (value) => `at least ${text(value)}`,
  maximum: (value) => `at most ${text(value)}`,
  exclusiveMinimum: (value) => `more than ${text(value)}`,
  exclusiveMaximum: (value) => `less than ${text(value)}`,
  pattern: (value) => `a text with /${text(value)}/ in it`,
  minLength: counted('at least', 'character'),
  maxLength: counted('at most', 'character'),
  minItems: counted('at least', 'item'),
  maxItems: counted('at most', 'item'),
  contains: (value) => `with an item that is ${expectationWords(value)}`,
  not: (value) => `not ${expectationWords(value)}`,
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'null',
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

function isMapping(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
