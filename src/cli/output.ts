import type { WriteStream } from 'node:tty'
import type { Output } from '../model/reporter.ts'

/**
 * What a stream can show. NO_COLOR and FORCE_COLOR are obeyed, the latter first; in CI nothing is animated.
 * https://no-color.org https://force-color.org
 */
export function outputOf(stream: NodeJS.WriteStream | WriteStream): Output {
  const { env } = process
  // A terminal that nobody gave a size says 0 columns; what is animated there would be cleared for ever.
  const hasSize = stream.columns !== 0 && process.stderr.columns !== 0
  const isTerminal = stream.isTTY === true && hasSize && !isSet(env.CI) && env.TERM !== 'dumb'
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    color: isSet(env.FORCE_COLOR)
      ? env.FORCE_COLOR !== '0'
      : !isSet(env.NO_COLOR) && stream.isTTY === true && env.TERM !== 'dumb',
    width: stream.columns || 80,
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false'
}
