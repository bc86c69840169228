import { parseDuration } from '../../../util/duration.ts'
import { notPlain } from '../not-plain.ts'
import type { PlainVerb } from '../writing.ts'

/** A sleep of whole seconds. */
export const pause: PlainVerb = ({ step, line }) => {
  const milliseconds = typeof step.input === 'string' ? parseDuration(step.input) : undefined
  if (milliseconds === undefined) throw notPlain('A pause that asks somebody', step.at)
  line(`sleep ${Math.ceil(milliseconds / 1000)}`)
}
