import { notPlain } from '../../export/plain/not-plain.ts'
import type { PlainVerb } from '../../export/plain/writing.ts'
import { parseDuration } from '../../util/duration.ts'

/** A sleep of whole seconds. */
export const plain: PlainVerb = ({ step, line }) => {
  const milliseconds = typeof step.input === 'string' ? parseDuration(step.input) : undefined
  if (milliseconds === undefined) throw notPlain('A pause that asks somebody', step.at)
  line(`sleep ${Math.ceil(milliseconds / 1000)}`)
}
