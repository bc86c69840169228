import type { PlanVerb } from '../../export/plan/plan-verb.ts'

/** The recipe whose steps run in its place; they follow it in the plan. */
export const explain: PlanVerb = ({ step: { included } }) =>
  included === undefined ? {} : { does: [`runs the steps of ${included.file}, which follow`] }
