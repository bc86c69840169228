import type { Json } from '../../../model/recipe.ts'
import { assertionWords } from '../expectation-words.ts'
import type { PlanVerb } from '../plan-verb.ts'

/** What is compared; nothing is sent. */
export const assert: PlanVerb = ({ step }) => {
  const { of } = (step.input ?? {}) as { readonly of?: Json }
  return {
    does: of === undefined ? [] : [`looks at the answer of the step "${String(of)}"`],
    expects: assertionWords(step.input),
  }
}
