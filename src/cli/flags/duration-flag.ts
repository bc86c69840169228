import { OsrunError } from '../../model/problem.ts'
import { parseDuration } from '../../util/duration.ts'

/** Makes the reader of a flag whose value is a duration: it gives milliseconds, or throws USAGE_INVALID. */
export function durationFor(flag: string): (text: string) => number {
  return (text) => {
    const milliseconds = parseDuration(text)
    if (milliseconds !== undefined) return milliseconds
    throw new OsrunError('USAGE_INVALID', `${flag} takes a duration, and got "${text}".`, {
      hint: 'A number and a unit: 500ms, 90s, 5m, 1h.',
    })
  }
}
