import type { PlanVerb } from '../../export/plan/plan-verb.ts'

/** How long it waits, or for whom. */
export const explain: PlanVerb = ({ step: { input } }) => {
  const isQuestion = typeof input === 'object' && input !== null && 'question' in input
  return { does: [isQuestion ? 'waits for somebody to press Enter' : `waits ${String(input)}`] }
}
