import { cannotExport } from '../../export/cannot-export.ts'
import type { ShellVerb } from '../../export/shell/step/shell-verb.ts'
import { variableOf } from '../../export/shell/values/variable-names.ts'
import type { RecipeStep } from '../../model/recipe.ts'

/** A temporary URL, signed by openssl, which reads the key and never has it as an argument. */
export const shell: ShellVerb = {
  sets: (step) => ({ [nameOf(step)]: 'text' }),
  async write(writing) {
    const { step, word } = writing
    const grant = (await writing.symbolic()).grant
    if (grant === undefined) throw cannotExport('This signature', step.at)
    const { method, digest, url, key, prefix, ipRange } = grant
    writing.need('sign')
    const options = [
      ...(prefix === undefined ? [] : [`--prefix ${word(prefix)}`]),
      ...(ipRange === undefined ? [] : [`--ip-range ${word(ipRange)}`]),
    ]
    // The symbolic clock stands at 0.
    const values = [variableOf(nameOf(step)), method, grant.expires, digest, word(url, 'query'), word(key)]
    writing.must(['sign', ...options, ...values].join(' '))
  },
}

function nameOf({ input }: RecipeStep): string {
  return typeof input === 'object' && input !== null && 'as' in input ? String(input.as) : 'signed'
}
