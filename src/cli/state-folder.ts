import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Where osrun keeps what outlives a run: `osrun` in $XDG_STATE_HOME, else in ~/.local/state; undefined for a user
 * without a home. https://specifications.freedesktop.org/basedir-spec/latest/
 */
function stateFolder(): string | undefined {
  const { XDG_STATE_HOME: given = '' } = process.env
  if (isAbsolute(given)) return join(given, 'osrun')
  return existsSync(homedir()) ? join(homedir(), '.local', 'state', 'osrun') : undefined
}

/** The folder of the ledgers; undefined for a user without a home. */
export function ledgerFolder(): string | undefined {
  const folder = stateFolder()
  return folder && join(folder, 'ledgers')
}
