import type { Credentials } from '../../model/cloud.ts'

/**
 * Whether these credentials give a token again and again. A one-time code cannot be used twice, and a token
 * that is made of a token lives no longer than its parent.
 */
export function isRepeatable(credentials: Credentials): boolean {
  return (
    credentials.kind === 'keystone' &&
    credentials.methods.every(({ kind }) => kind === 'password' || kind === 'application_credential')
  )
}
