import type { Transport } from '../../model/exchange.ts'
import { OsrunError } from '../../model/problem.ts'
import { transportFor, transports } from '../../run/send/transports.ts'
import { nearest } from '../../util/text/nearest.ts'
import type { OpenSource } from './recording-flags.ts'

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

/**
 * The transport of a suite, to be closed after it: the one that `--via` names, or that of a replay, which answers what the
 * suite asks itself. Without either the suite makes its own.
 */
export function openTransport(
  via: Via | undefined,
  { cloud, environment, replay }: OpenSource,
): AsyncDisposable & { readonly transport: Transport | undefined } {
  const named =
    via === undefined || cloud === undefined ? undefined : transportFor({ cloud, environment }, via)
  const transport = replay?.transport ?? named
  return { transport, [Symbol.asyncDispose]: async () => await transport?.close() }
}
