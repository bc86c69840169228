import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import type { RecipeStep } from '../../model/recipe.ts'
import type { SendDetails, StepContext } from '../../model/step.ts'
import { answerVariable, type Errand } from '../send/link.ts'
import { createStepTokens, type StepTokens } from '../tokens/step-tokens.ts'
import { toResponseValue } from './response-value.ts'
import type { RunParts } from './run-parts.ts'

/** What a step asks of the cloud, and with which tokens. */
export type StepRequests = Pick<StepContext, 'send' | 'askOnce' | 'answer'> & {
  readonly tokens: StepTokens
  /** What its requests are sent for. */
  readonly errand: Errand & { context?: StepContext }
}

/** What the requests of a step need besides its run. */
export type StepRequestsParts = {
  readonly step: RecipeStep
  readonly signal: AbortSignal
  readonly notice: StepContext['notice']
  onResponse(response: HttpResponse): void
}

/** Makes the part of a step's context that sends requests. Each answer is what the name `response` reads then. */
export function createStepRequests(
  parts: RunParts,
  { step, signal, notice, onResponse }: StepRequestsParts,
): StepRequests {
  const { retry: policy } = step
  const isRead = step.captures.some(({ name }) => parts.read.has(name))
  const errand: StepRequests['errand'] = {
    id: step.id,
    step,
    retrying: policy && { ...parts, policy, signal, deadline: deadlineOf(parts, step) },
    notice,
    renew: (kept) => tokens.issue(kept),
  }
  const keep = (response: HttpResponse): HttpResponse => {
    parts.values.set('response', toResponseValue(response, parts.now()))
    onResponse(response)
    return response
  }
  const tokens = createStepTokens({ parts, step, signal, errand, keep, notice })
  const send = (request: HttpRequest, details: SendDetails): Promise<HttpResponse> =>
    parts.send(request, {
      ...(step.timeout !== undefined && { timeout: step.timeout }),
      ...details,
      ...(isRead && { keepAs: answerVariable }),
      signal,
      errand,
    })
  return {
    tokens,
    errand,
    send: async (request, details = {}) => keep(await send(request, details)),
    async askOnce(request) {
      const { method, url, headers } = request
      const key = [method, url, ...headers.map(([name]) => name)].join('\n')
      const known = parts.asked.get(key)
      if (known !== undefined) return known
      const response = await send(request, { redirect: true })
      if (response.status < 500) parts.asked.set(key, response)
      return response
    },
    answer: keep,
  }
}

function deadlineOf({ now, deadline }: RunParts, { timeout }: RecipeStep): number {
  return timeout === undefined ? deadline : Math.min(deadline, now() + timeout)
}
