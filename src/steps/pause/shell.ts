import { cannotExport } from '../../export/cannot-export.ts'
import type { ShellVerb } from '../../export/shell/step/shell-verb.ts'
import { parseDuration } from '../../util/duration.ts'

/** A sleep of whole seconds, or a question on a terminal. */
export const shell: ShellVerb = {
  write(writing) {
    const { input, at } = writing.step
    if (typeof input === 'object' && input !== null && 'question' in input) {
      const question = writing.word(String(writing.render(input.question, ['question'])))
      writing.line(
        `if [ -t 0 ]; then printf '  ? %s (Enter goes on)\\n' ${question}; read -r _ || :; else printf '  Nobody is asked: %s\\n' ${question}; fi`,
      )
      return
    }
    const milliseconds = parseDuration(String(input))
    if (milliseconds === undefined) throw cannotExport('A pause that is not written out', at)
    writing.line(`sleep ${Math.ceil(milliseconds / 1000)}`)
  },
}
