import { visible } from '../util/visible.ts'

/** Says something on standard error that is neither a result nor a failure. */
export function warn(message: string): void {
  process.stderr.write(`note: ${visible(message)}\n`)
}
