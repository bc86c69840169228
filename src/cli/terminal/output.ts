import type { Output } from '../../model/reporter.ts'
import type { Io, OutputStream } from '../io.ts'
import { hasColor, isSet } from './color.ts'
import { unshielded } from './shield.ts'

/**
 * What a stream can show. NO_COLOR and FORCE_COLOR are obeyed, the latter first; in CI nothing is animated.
 * https://no-color.org https://force-color.org
 */
export function outputOf(
  stream: OutputStream,
  { stderr, environment: env }: Pick<Io, 'stderr' | 'environment'>,
): Output {
  // A terminal that nobody gave a size says 0 columns; what is animated there would be cleared for ever.
  const hasSize = stream.columns !== 0 && stderr.columns !== 0
  const isTerminal = stream.isTTY === true && hasSize && !isSet(env.CI) && env.TERM !== 'dumb'
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    live: unshielded(stderr),
    color: hasColor(stream, env),
    width: stream.columns || 80,
  }
}
