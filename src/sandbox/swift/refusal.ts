import type { Call, Header } from '../call.ts'
import { quote } from '../call.ts'
import type { Token } from '../keystone/identity/credentials.ts'
import type { Reply } from '../reply.ts'
import { page } from './answer.ts'
import type { Place } from './place.ts'

/** Who asks, and what Keystone tells: where it is, and of an account's project the id of its domain. */
export type Asker = {
  readonly token: Token | undefined
  readonly base: string
  domainOf(account: string): string | undefined
}

/** A refusal; that of a HEAD of an object has a chunked body, although a HEAD has none. */
export function refusal(call: Call, { account, object }: Place, status: 401 | 403, { base }: Asker): Reply {
  const challenge: readonly Header[] =
    status === 403
      ? []
      : [
          ['Www-Authenticate', `Swift realm="${quote(account)}"`],
          ['WWW-Authenticate', `Keystone uri="${base}/identity/v3"`],
        ]
  return {
    ...page(status, challenge),
    ...(call.method === 'HEAD' && object !== '' && { emptyChunked: true }),
  }
}
