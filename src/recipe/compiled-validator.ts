import type { Verb } from '../model/step.ts'
import type { Validate } from './schema-validator.ts'

/** The validator that was compiled when the program was built; undefined outside of the built program. */
export function builtInValidator(_verbs: readonly Verb[]): Validate | undefined {
  return undefined
}
