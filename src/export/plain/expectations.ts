import type { Position } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import { expectationWords } from '../plan/expectation-words.ts'
import { foldCommand, lineWidth } from './layout.ts'
import { notPlain } from './not-plain.ts'

/** What is looked at: its name for people, and the variable that has its text. */
export type Looked = { readonly subject: string; readonly variable: string; readonly at: Position }

/** The lines that end the script where a variable is not as expected. */
export function textLines(
  expected: Json,
  { subject, variable, at }: Looked,
  word: (text: string) => string,
): readonly string[] {
  return testsOf(expected, variable, at, word).flatMap((test) =>
    orElse(test, `echo "${subject}: $${variable}, not ${inQuotes(expectationWords(expected))}" >&2`, [
      `echo "${subject}: $${variable}" >&2`,
    ]),
  )
}

/** The lines that end the script with status 4 where a test fails: one, where there is room for it and what it says. */
export function orElse(test: string, complaint: string, shorter: readonly string[] = []): readonly string[] {
  for (const one of [complaint, ...shorter]) {
    const line = `${test} || { ${one}; exit 4; }`
    if (line.length <= lineWidth) return [line]
  }
  const words = test.split(/ (?="\$work\/)/)
  return [...foldCommand(words, ' ||'), `  { ${shorter.at(-1) ?? complaint}; exit 4; }`]
}

function inQuotes(text: string): string {
  return text.replace(/[\\"$`]/g, '\\$&')
}

function testsOf(
  expected: Json,
  variable: string,
  at: Position,
  word: (text: string) => string,
): readonly string[] {
  const value = `"$${variable}"`
  if (Array.isArray(expected)) {
    if (expected.some((one) => typeof one === 'object')) throw notPlain('A list of lists or mappings', at)
    const tests = (expected as readonly Json[]).map((one) => `[ ${value} = ${word(String(one))} ]`)
    return [tests.length === 1 ? (tests[0] ?? '') : `{ ${tests.join(' || ')}; }`]
  }
  if (typeof expected !== 'object' || expected === null) return [`[ ${value} = ${word(String(expected))} ]`]
  return Object.entries(expected).flatMap(([keyword, operand]) => {
    const compare = numbers[keyword]
    if (compare !== undefined && Number.isInteger(operand)) return [`[ ${value} ${compare} ${operand} ]`]
    if (keyword === 'const' || keyword === 'enum') return testsOf(operand, variable, at, word)
    if (keyword === 'pattern' && isPosix(String(operand)))
      return [`printf '%s\\n' ${value} | grep -Eq ${word(String(operand))}`]
    if (keyword === 'type' && /^(string|number|integer)$/.test(String(operand))) return []
    throw notPlain(`The expectation "${keyword}" of a text`, at)
  })
}

const numbers: Readonly<Record<string, string>> = {
  minimum: '-ge',
  maximum: '-le',
  exclusiveMinimum: '-gt',
  exclusiveMaximum: '-lt',
}

// What means the same to JavaScript and to grep -E.
function isPosix(pattern: string): boolean {
  return !/\\[A-Za-z0-9]|\(\?|[*+?}][?]|\[\[|\$\{/.test(pattern)
}
