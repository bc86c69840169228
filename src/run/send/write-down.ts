import type { RunLedger } from '../ledger/run-ledger.ts'
import { type Link, pass } from './link.ts'

/** Has the ledger write down what the requests of steps create, before they are sent. */
export function writeDown(ledger: RunLedger | undefined): Link {
  if (ledger === undefined) return pass
  return (next) => (request, details) => {
    const { step, context } = details.errand
    if (step === undefined || context === undefined || details.isForToken === true)
      return next(request, details)
    return ledger.send(step, context, request, () => next(request, details))
  }
}
