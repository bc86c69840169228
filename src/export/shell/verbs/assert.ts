import { writeComparison } from '../step/comparisons.ts'
import type { ShellVerb } from '../step/shell-verb.ts'

/** A comparison in jq, which tells every difference. */
export const assert: ShellVerb = {
  write(writing) {
    writeComparison(writing.step, 'compare', writing)
    writing.must('differences fail')
  },
}
