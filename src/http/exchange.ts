import type { HttpRequest, SendOptions, TlsOptions } from '../model/exchange.ts'
import type { OsrunError } from '../model/problem.ts'
import { onAbort } from './on-abort.ts'
import { tooLong } from './pace.ts'
import { toAbortError } from './transport-error.ts'

/** Settings of a transport. */
export type TransportOptions = {
  readonly tls: TlsOptions
  /** Where proxies and lists of authorities are looked up; nowhere unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Milliseconds for a whole exchange; as long as it goes on unless given. */
  readonly timeout?: number
  /** Milliseconds within which a head has to come, and in which a transfer must not stand still; 60 seconds unless given. */
  readonly stillness?: number
  /** The longest body that stays in memory, in bytes; `mostKept` unless given. */
  readonly keepBytes?: number
  /** Connections for each origin; 64 unless given. */
  readonly connections?: number
}

/** A request on its way, by whichever transport. */
export type Exchange = {
  readonly request: HttpRequest
  readonly url: URL
  readonly sendOptions: SendOptions
  readonly options: Omit<TransportOptions, 'connections'>
}

/**
 * Tells of what ends an exchange before its answer: its time is over, or its caller gives up. What it gives back has to be
 * called at the end.
 */
export function watchEnd(
  { request, url, sendOptions, options }: Exchange,
  stop: (problem: OsrunError) => void,
): () => void {
  const timeout = sendOptions.timeout ?? options.timeout
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => stop(tooLong(request.method, url.origin, timeout)), timeout)
  const callOff = onAbort(sendOptions.signal, () => stop(toAbortError(sendOptions.signal)))
  return () => {
    clearTimeout(timer)
    callOff()
  }
}
