import type { Environment, OutputStream } from '../io.ts'

/** Whether colours are written to a stream. */
export function hasColor(stream: OutputStream, env: Environment): boolean {
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== '0'
  return !isSet(env.NO_COLOR) && stream.isTTY === true && env.TERM !== 'dumb'
}

/** Whether a variable says yes. */
export function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false'
}
