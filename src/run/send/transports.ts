import { type CurlTransportOptions, createCurlTransport } from '../../http/curl/curl-transport.ts'
import type { TransportOptions } from '../../http/exchange.ts'
import { createTransport } from '../../http/undici/undici-transport.ts'
import type { Cloud } from '../../model/cloud.ts'
import type { Transport } from '../../model/exchange.ts'

export type { CurlTransportOptions, TransportOptions }
export { createCurlTransport, createTransport }

/** What can send requests at the end of the road. Nothing else in the program imports a transport. */
export const transports = { undici: createTransport, curl: createCurlTransport } as const

/**
 * The transport of a run, suite or session that is given none: undici unless said otherwise, with the cloud's TLS and the proxies of
 * its openrc file and of the environment.
 */
export function transportFor(
  options: {
    readonly cloud?: Cloud | undefined
    readonly environment?: Readonly<Record<string, string | undefined>>
  },
  via: keyof typeof transports = 'undici',
): Transport {
  return transports[via]({
    tls: options.cloud?.tls ?? { insecure: false },
    environment: { ...options.environment, ...options.cloud?.proxies },
  })
}
