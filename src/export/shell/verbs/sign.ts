import type { RecipeStep } from '../../../model/recipe.ts'
import { cannotExport } from '../../cannot-export.ts'
import type { ShellVerb } from '../step/shell-verb.ts'
import { variableOf } from '../values/variable-names.ts'

/** A temporary URL, signed by openssl, which reads the key and never has it as an argument. */
export const sign: ShellVerb = {
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
