import type { PlanVerb } from '../plan-verb.ts'

/** The steps that run in its place, by what they are called. */
export const include: PlanVerb = ({ step: { included } }) => {
  if (included === undefined) return {}
  return {
    does: included.steps.map(({ id, verb, name }) => `runs ${name ?? `${verb} (${id})`}`),
    remarks: [`The curl lines of its steps are those of \`osrun explain ${included.file}\`.`],
  }
}
