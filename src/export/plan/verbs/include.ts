import type { PlanVerb } from '../plan-verb.ts'

/** The recipe whose steps run in its place; they follow it in the plan. */
export const include: PlanVerb = ({ step: { included } }) =>
  included === undefined ? {} : { does: [`runs the steps of ${included.file}, which follow`] }
