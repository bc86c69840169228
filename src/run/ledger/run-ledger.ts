import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { OsrunError } from '../../model/problem.ts'
import type { RecipeStep } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import type { Token } from '../../model/token.ts'
import { describeScope } from '../../openstack/auth/describe-scope.ts'
import { serviceOfUrl } from '../../openstack/catalog/service-of-url.ts'
import type { KeptToken, TokenKeeper } from '../tokens/token-keeper.ts'
import { deletedUrls, deletingSteps, nameInBody } from './created.ts'
import type { Creation } from './record.ts'
import { isBelow, scopeOf, withoutQuery } from './resource.ts'
import { createJournal, type Journal, type JournalParts, type Left } from './run-journal.ts'
import { storedUrl } from './stored-url.ts'

/** Writes down what a run creates before it is created, and strikes out what was seen to be deleted. */
export type RunLedger = {
  /** Sends a request of a step, with the ledger kept. */
  send(
    step: RecipeStep,
    context: StepContext,
    request: HttpRequest,
    send: () => Promise<HttpResponse>,
  ): Promise<HttpResponse>
  /** A step's deferred steps will run; the context has the names as they will read them. */
  deferred(step: RecipeStep, context: StepContext): Promise<void>
  /** Ends the ledger, which stays where something may be left. `passed`: nothing failed, cleaning up neither. */
  close(passed: boolean): Promise<void>
}

/** Makes the ledger of one run. No file is made before the run creates something. */
export function createRunLedger(parts: JournalParts & { readonly keeper: TokenKeeper }): RunLedger {
  const journal = createJournal(parts)
  return {
    async send(step, context, request, send) {
      const { method } = request
      if (method === 'DELETE' && journal.left.length > 0) {
        const response = await send()
        await strikeDeleted(journal, request.url, response.status)
        return response
      }
      if (method !== 'PUT' && method !== 'POST' && method !== 'COPY') return send()
      const creation = creationOf(step, context, request, parts.keeper)
      if (creation === undefined || isKnown(journal, creation)) return send()
      const one = await journal.create(creation)
      try {
        const response = await send()
        if (wasNotMade(response.status, creation)) await journal.strike(one)
        return response
      } catch (error) {
        if (error instanceof OsrunError && neverSent.has(error.code)) await journal.strike(one)
        throw error
      }
    },
    async deferred(step, context) {
      const one = journal.left.findLast((made) => made.step === step.id)
      if (one === undefined) return
      const deletes = deletedUrls(step, context, true)
      if (deletes.length > 0 && !isSame(deletes, one.deletes)) await journal.know(one, deletes)
    },
    async close(passed) {
      for (const one of journal.left.toReversed())
        if (!isLeft(one, journal.left, passed, parts.runId)) await journal.strike(one)
      await journal.end()
    },
  }
}

/**
 * What a request creates: something that the step's deferred steps delete, or a container or an object. Only what a
 * token of the run could delete counts: the one that the request has, or else one whose catalog has the object store.
 */
function creationOf(
  step: RecipeStep,
  context: StepContext,
  request: HttpRequest,
  keeper: TokenKeeper,
): Omit<Creation, 'kind' | 'entry' | 'time'> | undefined {
  const deferred = deletingSteps(step).length > 0
  if (!deferred && request.method === 'POST') return undefined
  const kept = keptFor(keeper, request)
  if (kept?.token === undefined) return undefined
  const picked = context.lookup('endpoint.service')
  // With the slash an endpoint is below itself, too.
  const place = serviceOfUrl(kept.token, `${withoutQuery(request.url)}/`)
  const service = place?.service ?? (typeof picked === 'string' ? picked : '')
  const stored = service === 'object-store' && place ? storedUrl(request, place.rest.slice(0, -1)) : undefined
  if (!deferred && stored === undefined) return undefined
  const url = stored ?? withoutQuery(request.url)
  const name = nameInBody(request)
  return {
    service,
    method: request.method,
    url,
    ...(name !== undefined && { name }),
    deletes: deferred ? deletedUrls(step, context, false) : [url],
    deferred,
    ...authority(kept, kept.token),
    step: step.id,
  }
}

function keptFor(keeper: TokenKeeper, { headers, url }: HttpRequest): KeptToken | undefined {
  const own = headerOf(headers, 'X-Auth-Token')
  if (own !== undefined) return keeper.find(own)
  // Where there is no Keystone, what stands for a token travels in another header. A signed URL needs none.
  return keeper.tokens.findLast(
    ({ credentials, token }) =>
      credentials.kind === 'http_basic' ||
      (token !== undefined && serviceOfUrl(token, url)?.service === 'object-store'),
  )
}

function authority(
  kept: KeptToken,
  token: Token,
): Pick<Creation, 'identity' | 'scope' | 'scopeText' | 'token'> {
  const [auditId] = token.auditIds
  return {
    identity: token.identityUrl,
    scope: scopeOf(token),
    scopeText: describeScope(token.body),
    // A token that was given lives on as its owner wants.
    ...(kept.state !== 'given' &&
      auditId !== undefined && { token: { auditId, expiresAt: token.expiresAt } }),
  }
}

function isKnown({ left }: Journal, { deletes }: Pick<Creation, 'deletes'>): boolean {
  const [first] = deletes
  return first !== undefined && left.some((one) => one.deletes[0] === first && isSame(one.deletes, deletes))
}

// 408 and 5xx say nothing of what was done. Swift answers 202 for a container that was there already.
// https://docs.openstack.org/api-ref/object-store/#create-container
function wasNotMade(status: number, { deferred }: Pick<Creation, 'deferred'>): boolean {
  if (status >= 400 && status < 500) return status !== 408
  return status === 202 && !deferred
}

const neverSent: ReadonlySet<string> = new Set([
  'CONNECTION_REFUSED',
  'DNS_FAILED',
  'TLS_FAILED',
  'URL_INVALID',
])

async function strikeDeleted(journal: Journal, asked: string, status: number): Promise<void> {
  if (status !== 404 && (status < 200 || status >= 300)) return
  const resource = withoutQuery(asked)
  for (const one of [...journal.left])
    for (const url of one.deletes)
      if (url.startsWith(resource) && withoutQuery(url) === resource) await journal.strike(one, url)
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((url, index) => url === others[index])
}

// A run that passed and cleaned up has deleted all that nobody knows the URL of, and what it does not delete is to stay.
// Of any other run, what is its own was to be deleted by later steps.
function isLeft(one: Left, all: readonly Left[], passed: boolean, runId: string): boolean {
  if (passed) return one.deferred && one.deletes.length > 0
  return (
    one.deferred ||
    one.url.includes(runId) ||
    all.some(({ deferred, url }) => deferred && isBelow(one.url, url))
  )
}
