import type { PlanVerb } from '../../export/plan/plan-verb.ts'

/** The script, line by line; it is handed to bash where `--allow-run` allows it. */
export const explain: PlanVerb = ({ step: { input } }) => {
  const script = typeof input === 'object' && input !== null && 'script' in input ? input.script : input
  return {
    does: ['runs this script by bash, with --allow-run alone:', ...String(script).trimEnd().split('\n')],
  }
}
