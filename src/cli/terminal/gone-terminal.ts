import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { isatty } from 'node:tty'

const standard = [0, 1, 2] as const

/**
 * Remembers which standard streams are terminals. The function that it gives, called at the very end, puts /dev/null in
 * the place of those whose terminal is gone: Node aborts, with a core dump, where it cannot set a terminal back to how it
 * was at the start. https://github.com/nodejs/node/blob/v20.20.0/src/node.cc, ResetStdio()
 */
export function rememberTerminals(): () => void {
  const terminals = standard.filter((descriptor) => isatty(descriptor))
  return () => {
    for (const descriptor of terminals)
      if (!isatty(descriptor)) {
        closeSync(descriptor)
        // The lowest number that is free, which is the one that was closed.
        openSync(devNull, 'r+')
      }
  }
}
