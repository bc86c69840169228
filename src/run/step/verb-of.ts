import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Verb } from '../../model/step.ts'

/** The verb of that name; a recipe that passed its check has no other. */
export function verbOf(verbs: readonly Verb[], name: string): Verb {
  const found = verbs.find(({ verb }) => verb === name)
  if (found === undefined) throw new OsrunError('INTERNAL', phrase`There is no verb "${name}".`)
  return found
}
