import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Where osrun keeps what outlives a run, a folder for each kind of it: in `osrun` of $XDG_STATE_HOME, else of
 * ~/.local/state; undefined for a user without a home. https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function stateFolder(kind: 'ledgers' | 'last-failed' | 'learn' | 'prompt'): string | undefined {
  const { XDG_STATE_HOME: given = '' } = process.env
  if (isAbsolute(given)) return join(given, 'osrun', kind)
  return existsSync(homedir()) ? join(homedir(), '.local', 'state', 'osrun', kind) : undefined
}
