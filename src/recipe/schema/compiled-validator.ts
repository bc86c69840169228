import type { Verb } from '../../model/step.ts'
import type { Validate } from './schema-validator.ts'

/** The validator that was compiled when osrun was built, for its own verbs; undefined for others, and in the sources. */
export function builtInValidator(_verbs: readonly Verb[]): Validate | undefined {
  return undefined
}
