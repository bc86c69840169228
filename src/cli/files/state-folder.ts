import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { Io } from '../io.ts'

/**
 * Where osrun keeps what outlives a run, a folder for each kind of it: in `osrun` of $XDG_STATE_HOME, else of
 * ~/.local/state; undefined for a user without a home. https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function stateFolder(
  kind: 'ledgers' | 'last-failed' | 'learn' | 'prompt',
  { environment, home }: Pick<Io, 'environment' | 'home'>,
): string | undefined {
  const { XDG_STATE_HOME: given = '' } = environment
  if (isAbsolute(given)) return join(given, 'osrun', kind)
  return existsSync(home) ? join(home, '.local', 'state', 'osrun', kind) : undefined
}
