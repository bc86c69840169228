import { createCurlTransport } from '../http/curl-transport.ts'
import { createTransport } from '../http/transport.ts'
import type { Transport } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'
import { nearest } from '../util/nearest.ts'
import type { OpenCloud } from './cloud-flags.ts'

/** What can send the requests of a run. */
const transports = { undici: createTransport, curl: createCurlTransport } as const

/** A name that `--via` takes. */
export type Via = keyof typeof transports

/** Reads the value of `--via`; throws `USAGE_INVALID` with the nearest name for any other. */
export function parseVia(text: string): Via {
  if (Object.hasOwn(transports, text)) return text as Via
  const names = Object.keys(transports)
  const near = nearest(text, names)
  throw new OsrunError('USAGE_INVALID', `--via takes ${names.join(' or ')}, and got "${text}".`, {
    hint: near === undefined ? 'undici is what sends without --via.' : `Did you mean ${near}?`,
  })
}

/** Makes the transport that `--via` names, for the cloud's TLS options and the environment's proxies. */
export function transportVia(via: Via, { cloud, environment }: OpenCloud): Transport {
  return transports[via]({ tls: cloud.tls, environment })
}
