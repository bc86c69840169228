import type { CurlTransportOptions } from '../../http/curl/curl-transport.ts'
import type { TransportOptions } from '../../http/exchange.ts'
import type { Cloud } from '../../model/cloud.ts'
import type { Transport } from '../../model/exchange.ts'

export type { CurlTransportOptions, TransportOptions }

/**
 * Sends requests by undici's dispatcher: the path goes out as written, no header is added but Host and
 * Content-Length, bodies are not decoded. A repeatable request that meets a connection which the server has
 * closed without saying so is sent once more; one that must not be repeated never uses an old connection.
 */
export function createTransport(options: TransportOptions): Transport {
  return loadedLate(async () =>
    (await import('../../http/undici/undici-transport.ts')).createTransport(options),
  )
}

/**
 * Sends every request with the curl of this machine, 7.75 or newer, one process and one connection for each: what
 * `toCurl` prints is what runs. It reads no ~/.curlrc. Its environment is PATH and, where the given environment has
 * one for the URL, the proxy. No part of a request is in an argument list, a file or the environment: URL and headers
 * come by a pipe as configuration, a text body by another one. Errors are those of undici's transport, and
 * `CURL_UNUSABLE` when curl is missing or too old.
 */
export function createCurlTransport(options: CurlTransportOptions): Transport {
  return loadedLate(async () =>
    (await import('../../http/curl/curl-transport.ts')).createCurlTransport(options),
  )
}

// A command that sends nothing does without what sends, which takes longer to load than all the rest.
function loadedLate(load: () => Promise<Transport>): Transport {
  let loading: Promise<Transport> | undefined
  let loaded: Transport | undefined
  return {
    send(request, options) {
      if (loaded !== undefined) return loaded.send(request, options)
      loading ??= load()
      return loading.then((transport) => {
        loaded = transport
        return transport.send(request, options)
      })
    },
    async close() {
      await (await loading)?.close()
    },
  }
}

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
