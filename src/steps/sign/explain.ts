import type { PlanVerb } from '../../export/plan/plan-verb.ts'

/** Nothing is sent: the signature is made with the key alone. */
export const explain: PlanVerb = () => ({
  does: ['signs the URL with the key, so that it can be asked for without a token; nothing is sent'],
})
