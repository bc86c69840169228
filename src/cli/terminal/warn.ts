import { visible } from '../../util/text/visible.ts'
import type { Io } from '../io.ts'

/** Says on standard error what is neither a result nor a failure. */
export function warnTo({ stderr }: Pick<Io, 'stderr'>): (message: string) => void {
  return (message) => void stderr.write(`note: ${visible(message)}\n`)
}
