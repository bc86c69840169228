import { mapOthers } from '../model/phrase.ts'
import type { Position, Problem, SourcedProblem } from '../model/problem.ts'
import { phrases } from '../model/problem.ts'
import { shortened } from '../util/text/shortened.ts'
import type { Rule, Rules } from './rules.ts'
import { each, members, own, text } from './rules.ts'

// The key that a line begins with is a word of the language, such as authenticate.
const source: Rule<string> = (line, mask) => {
  const [key = ''] = /^ *(?:- )*[a-z-]+:(?= |$)/.exec(line) ?? []
  return key + mask(line.slice(key.length))
}

/** The rule of a place in a file. */
export const position: Rule<Position> = members({ file: own, line: own, column: own, length: own, source })

// In a phrase what is not osrun's own is masked.
function problemRules(value: Problem): Rules<Problem> {
  const said: Rule<string> = (words, hide) => {
    const whole = value[phrases]?.find((phrase) => phrase.text === words)
    return whole === undefined ? hide(words) : mapOthers(whole, (others) => quoted(hide(others)))
  }
  return { code: own, message: said, at: position, hint: said, causes: each(text), [phrases]: own }
}

// What a cloud says may be a page.
function quoted(others: string): string {
  return others.length > 500 || /[\n\t]/.test(others) ? shortened(others) : others
}

/** Masks a problem as events have it. */
export const maskProblem: Rule<Problem> = (value, mask) => members<Problem>(problemRules(value))(value, mask)

/** The rule of a problem that says where it comes from. */
export const sourcedProblem: Rule<SourcedProblem> = (value, mask) =>
  members<SourcedProblem>({ ...problemRules(value), from: own, step: own })(value, mask)
