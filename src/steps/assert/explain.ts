import { assertionWords } from '../../export/plan/expectation-words.ts'
import type { PlanVerb } from '../../export/plan/plan-verb.ts'
import type { Json } from '../../model/recipe.ts'

/** What is compared; nothing is sent. */
export const explain: PlanVerb = ({ step }) => {
  const { of } = (step.input ?? {}) as { readonly of?: Json }
  return {
    does: of === undefined ? [] : [`looks at the answer of the step "${String(of)}"`],
    expects: assertionWords(step.input),
  }
}
