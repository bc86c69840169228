import type { Transport } from '../../model/exchange.ts'
import type { RunLedger } from '../ledger/run-ledger.ts'
import type { TokenKeeper } from '../tokens/token-keeper.ts'
import { decodeAnswers } from './decode/decode.ts'
import { identify } from './identify.ts'
import { keepHome } from './keep-home.ts'
import { compose, type Link, pass, type Send } from './link.ts'
import { refuseWrites } from './read-only.ts'
import { redirect } from './redirect.ts'
import { renewTokens } from './renew.ts'
import { retry } from './retry.ts'
import type { SecretHomes } from './secret-homes.ts'
import { type Teller, tell } from './tell.ts'
import { writeDown } from './write-down.ts'

/** What the road of a run, a session or a suite is built with. */
export type RoadParts = {
  /** What identifies this program; `osrun` unless given. */
  readonly userAgent?: string | undefined
  readonly keeper: TokenKeeper
  readonly teller: Teller
  /** Sends the requests in the end; whoever gives it closes it. */
  readonly transport: Transport
  /** Refuse requests that could change something. */
  readonly readOnly?: boolean
  /** Where credentials and tokens may go; undefined where no recipe says what is sent. */
  readonly homes?: SecretHomes
  /** Where what is created is written down; undefined where it is not. */
  readonly ledger?: RunLedger | undefined
  /** Counts the requests. */
  readonly count?: { requests: number }
  /** Keeps the exchanges for a recording; undefined where there is none. */
  readonly recording?: Link | undefined
}

/**
 * Builds the one way on which every request to a cloud goes, from the first line of the list to the last; its answer comes back
 * from the last to the first.
 */
export function buildRoad(parts: RoadParts): Send {
  const { keeper, transport } = parts
  return compose(
    [
      // Where nothing may be changed, only what reads goes on.
      refuseWrites(parts.readOnly === true, keeper),
      // No credential goes to a server that is not its own cloud's.
      keepHome(parts.homes),
      // What HTTP cannot carry does not go on; the rest says which program sends it.
      identify(parts.userAgent ?? 'osrun'),
      // A token that is near its end, or that meets a 401, is replaced.
      renewTokens(keeper),
      // What is created is written down before, and what is deleted struck out afterwards.
      writeDown(parts.ledger),
      // After a passing trouble it is sent again, as the step says.
      retry,
      // Each time that it is sent counts.
      count(parts.count),
      // It is followed where it is redirected to, without the token where the catalog does not know the origin.
      redirect(keeper),
      // Wherever it was redirected to.
      keepHome(parts.homes),
      // Whatever was sent is told with its curl line, without its secrets.
      tell(parts.teller),
      // Packed bodies are unpacked where they are read.
      decodeAnswers,
      // And kept, where the run is recorded.
      parts.recording ?? pass,
    ],
    (request, details) => transport.send(request, details),
  )
}

function count(counter: RoadParts['count']): Link {
  if (counter === undefined) return pass
  return (next) => (request, details) => {
    counter.requests++
    return next(request, details)
  }
}
