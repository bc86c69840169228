import type { HttpRequest } from '../../model/exchange.ts'
import type { Json, RecipeStep } from '../../model/recipe.ts'
import { sentReads } from '../../recipe/template/sent-reads.ts'
import { isMapping } from '../../steps/input.ts'
import { type Link, pass } from './link.ts'
import { refuseStray, type SecretHomes } from './secret-homes.ts'

/** Refuses a request of a step by which a credential or a token would leave its own cloud. */
export function keepHome(homes: SecretHomes | undefined): Link {
  if (homes === undefined) return pass
  return (next) => async (request, details) => {
    const { step, context } = details.errand
    // What osrun itself sends for a token is decided where its credentials are chosen.
    if (step === undefined || context === undefined || details.isForToken === true)
      return next(request, details)
    refuseStray(homes, request.url, sentReads(sentOf(request, step), context.lookup), context.locate)
    const response = await next(request, details)
    homes.learn(request, response)
    return response
  }
}

// Of a request that is redirected the headers that its new origin gets; what its URL holds the server knows.
function sentOf({ headers }: HttpRequest, { input }: RecipeStep): Json {
  if (!isMapping(input)) return input
  const {
    expect: _expect,
    'save-to': _saveTo,
    file: _file,
    ...sent
  } = input as { readonly [key: string]: Json }
  if (!isMapping(sent.headers)) return sent
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const kept = Object.entries(sent.headers).filter(([name]) => names.has(name.toLowerCase()))
  return { ...sent, headers: Object.fromEntries(kept) }
}
