import { writeComparison } from '../../export/shell/step/comparisons.ts'
import type { ShellVerb } from '../../export/shell/step/shell-verb.ts'

/** A comparison in jq, which tells every difference. */
export const shell: ShellVerb = {
  write(writing) {
    writeComparison(writing.step, 'compare', writing)
    writing.must('differences fail')
  },
}
