import manifest from '../../package.json' with { type: 'json' }
import type { Io } from './io.ts'

/** The version of this program. */
export const version: string = manifest.version

/** What this program says of itself to a cloud. */
export function userAgentOf({ nodeVersion }: Pick<Io, 'nodeVersion'>): string {
  return `osrun/${version} node/${nodeVersion}`
}
