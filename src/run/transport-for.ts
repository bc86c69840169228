import { createTransport } from '../http/transport.ts'
import type { Cloud } from '../model/cloud.ts'
import type { Transport } from '../model/exchange.ts'

/** The transport that a run or suite uses when it is given none: undici, with the cloud's TLS and the proxies of its openrc file and of the environment. */
export function transportFor(options: {
  readonly cloud?: Cloud | undefined
  readonly environment?: Readonly<Record<string, string | undefined>>
}): Transport {
  return createTransport({
    tls: options.cloud?.tls ?? { insecure: false },
    environment: { ...options.environment, ...options.cloud?.proxies },
  })
}
