import type { PlacedValue, RecipeStep } from '../../../model/recipe.ts'
import type { StepWriting } from '../writing.ts'
import { writeComparison } from './comparisons.ts'
import { indented } from './conditions.ts'

/** Writes the loop of a step with `until`, in which the lines of `body` are done; a step without is as it is. */
export function writePolling(
  step: RecipeStep,
  open: (lines: string[]) => StepWriting,
  body: readonly string[],
): readonly string[] {
  const { polling } = step
  if (polling === undefined) return body
  const lines: string[] = []
  const assertion = ({ value, locate }: PlacedValue): RecipeStep => ({ ...step, input: value, locate })
  const writing = open(lines)
  if (polling.failIf !== undefined) {
    writeComparison(assertion(polling.failIf), 'anything_but', writing)
    writing.must(`differences lost 'What "fail-if" speaks of has come.'`)
  }
  writeComparison(assertion(polling.until), 'compare', writing)
  writing.need('again')
  writing.line('! met || break')
  writing.must(`again ${polling.every / 1000}`)
  return ['while :; do', ...indented([...body, ...lines]), 'done']
}
