import type { RecipeStep } from '../../../model/recipe.ts'
import type { HelperName } from '../helpers/helpers.ts'
import { jqOf, optionalOf } from '../values/read-json.ts'
import { partOf } from '../values/read-text.ts'
import { shellWord } from '../values/words.ts'
import type { ScriptParts, StepWriting } from '../writing.ts'

// In a trap bash takes a bare `return` for the status from before the trap.
const onFailure = 'return "$?"'

/** Starts the statements of a step; they go to `lines`. */
export function writeStep(
  step: RecipeStep,
  parts: ScriptParts,
  stop: 'exit' | 'return',
  lines: string[],
): StepWriting {
  const environment = new Set<string>()
  const need = (...helpers: HelperName[]): void => {
    for (const helper of helpers) parts.helpers.add(helper)
  }
  const must = (statement: string): void =>
    void lines.push(`${statement} || ${stop === 'exit' ? 'exit' : onFailure}`)
  const values = { step, parts, need, must, lines, environment, checked: new Set<string>() }
  const word: StepWriting['word'] = (text, encoding = 'text') =>
    shellWord(
      parts.placeholders
        .cut(text)
        .map((piece) => (typeof piece === 'string' ? piece : partOf(piece, encoding, values))),
    )
  return {
    step,
    parts,
    stop,
    need,
    must,
    word,
    line: (text) => void lines.push(text),
    jq: (value) => jqOf(value, values),
    environment() {
      const prefix = [...environment].map((name) => `${name}="$${name}" `).join('')
      environment.clear()
      return prefix
    },
    isSymbolic: (value) =>
      parts.placeholders.cut(JSON.stringify(value)).some((piece) => typeof piece !== 'string'),
    optional: (path, at) => optionalOf(path, at, values),
  }
}
