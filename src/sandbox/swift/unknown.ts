import type { Call } from '../call.ts'
import { isSigned } from './signed/temp-url.ts'
import type { Container } from './store/stored.ts'
import { unknownOfVersions } from './versions/version-request.ts'

/** What of a request the sandbox has not, and what would change its meaning if it were passed over; undefined for nothing. */
export function unknownPart(call: Call, container: Container | undefined): string | undefined {
  if (isSigned(call) && call.header('X-Web-Mode') !== undefined)
    return 'header X-Web-Mode of a signed request'
  return unknownOfVersions(call, container)
}
