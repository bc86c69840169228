import type { TestExpression } from 'unbash'
import { matches } from './pattern.ts'
import type { Shell } from './shell.ts'
import type { Placed, Text } from './variables.ts'
import { expandPattern, expandText } from './words.ts'

/**
 * What `test` and `[` say of their words: 0 true, 1 false, 2 where they complain.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/test.html
 */
export function testWords(words: readonly Text[], at: Placed, shell: Shell): number {
  if (words.some(({ asked }) => asked)) throw shell.refuse(at, 'a condition on what the user is asked for')
  const texts = words.map(({ text }) => text)
  const result = texts.length > 4 ? either(texts, at, shell) : byNumber(texts, at, shell)
  return result === undefined ? 2 : result ? 0 : 1
}

type Verdict = boolean | undefined

function byNumber(texts: readonly string[], at: Placed, shell: Shell): Verdict {
  const [first = '', second = '', third = '', fourth] = texts
  switch (texts.length) {
    case 0:
      return false
    case 1:
      return first !== ''
    case 2:
      return first === '!' ? second === '' : unary(first, second, at, shell)
    case 3:
      if (isBinary(second)) return binary(first, second, third, { at, shell })
      if (first === '!') return not(byNumber(texts.slice(1), at, shell))
      if (first === '(' && third === ')') return second !== ''
      return undefined
    default:
      if (first === '!') return not(byNumber(texts.slice(1), at, shell))
      if (first === '(' && fourth === ')') return byNumber(texts.slice(1, -1), at, shell)
      throw shell.refuse(at, 'a condition that only a shell can decide')
  }
}

// Of more than four words the standard says nothing: what is clear is taken.
function either(texts: readonly string[], at: Placed, shell: Shell): Verdict {
  const verdicts = splitAt(texts, '-o').map((part) => {
    const each = splitAt(part, '-a').map((words) => {
      const operands = isBinary(words.at(-2) ?? '') ? [words.at(-3), words.at(-1)] : [words.at(-1)]
      if (words.length > 4 || words.length < 2 || operands.some(isOperator))
        throw shell.refuse(at, 'a condition that only a shell can decide')
      return byNumber(words, at, shell)
    })
    return each.includes(undefined) ? undefined : !each.includes(false)
  })
  return verdicts.includes(undefined) ? undefined : verdicts.includes(true)
}

function splitAt(texts: readonly string[], sign: string): readonly (readonly string[])[] {
  const split: string[][] = [[]]
  for (const text of texts) {
    if (text === sign) split.push([])
    else split.at(-1)?.push(text)
  }
  return split
}

function not(verdict: Verdict): Verdict {
  return verdict === undefined ? undefined : !verdict
}

function unary(operator: string, operand: string, at: Placed, shell: Shell): Verdict {
  if (operator === '-z') return operand === ''
  if (operator === '-n') return operand !== ''
  if (operator === '-v') return shell.read(operand, at) !== undefined
  if (/^-[a-zA-Z]$/.test(operator)) throw shell.refuse(at, 'a condition on more than variables')
  return undefined
}

// A value that looks so is taken for what it looks like.
function isOperator(word = ''): boolean {
  return /^(?:[!()<>]|[!=]?=|-[a-zA-Z]+)$/.test(word)
}

function isBinary(word: string): boolean {
  return /^(?:=|==|!=|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef|a|o))$/.test(word)
}

function binary(
  left: string,
  operator: string,
  right: string,
  { at, shell }: { readonly at: Placed; readonly shell: Shell },
): Verdict {
  if (operator === '=' || operator === '==') return left === right
  if (operator === '!=') return left !== right
  if (operator === '-a') return left !== '' && right !== ''
  if (operator === '-o') return left !== '' || right !== ''
  const numbers = [left, right].map(toNumber)
  const [one, other] = numbers
  if (/^[<>]|-(?:nt|ot|ef)$/.test(operator) || numbers.some(Number.isNaN))
    throw shell.refuse(at, 'a condition on more than variables')
  return one === undefined || other === undefined ? undefined : compare(one, operator, other)
}

// Undefined where bash complains; NaN where it depends on the version.
function toNumber(text: string): number | undefined {
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text)
  return /\d/.test(text) || text.trim() === '' ? Number.NaN : undefined
}

function compare(left: number, operator: string, right: number): boolean {
  switch (operator) {
    case '-eq':
      return left === right
    case '-ne':
      return left !== right
    case '-lt':
      return left < right
    case '-le':
      return left <= right
    case '-gt':
      return left > right
    default:
      return left >= right
  }
}

/** What `[[ … ]]` says. Throws where only a shell can decide it. */
export function testExpression(expression: TestExpression, shell: Shell): boolean {
  switch (expression.type) {
    case 'TestGroup':
      return testExpression(expression.expression, shell)
    case 'TestNot':
      return testExpression(expression.operand, shell) !== (expression.negations.length % 2 === 1)
    case 'TestLogical':
      return expression.operator === '&&'
        ? expression.operands.every((one) => testExpression(one, shell))
        : expression.operands.some((one) => testExpression(one, shell))
    case 'TestUnary': {
      const operand = decided(expandText(expression.operand, shell), expression, shell)
      const verdict = unary(expression.operator, operand, expression, shell)
      if (verdict === undefined) break
      return verdict
    }
    case 'TestBinary': {
      const { operator, left, right } = expression
      const text = decided(expandText(left, shell), expression, shell)
      if (operator === '=' || operator === '==' || operator === '!=')
        return matches([...text], expandPattern(right, shell)) === (operator !== '!=')
      if (!/^-(?:eq|ne|lt|le|gt|ge)$/.test(operator)) break
      const numbers = [text, decided(expandText(right, shell), expression, shell)].map(toNumber)
      const [one = Number.NaN, other = Number.NaN] = numbers
      if (Number.isNaN(one) || Number.isNaN(other)) break
      return compare(one, operator, other)
    }
  }
  throw shell.refuse(expression, 'a condition that only a shell can decide')
}

function decided({ text, asked }: Text, at: Placed, shell: Shell): string {
  if (asked) throw shell.refuse(at, 'a condition on what the user is asked for')
  return text
}
