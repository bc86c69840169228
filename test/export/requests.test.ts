import { expect, test } from 'vitest'
import { createPlaceholders } from '../../src/export/placeholder.ts'
import { symbolicCloud } from '../../src/export/shell/symbolic-cloud.ts'
import { runSymbolically, type SymbolicStep } from '../../src/export/symbolic-step.ts'
import type { Cloud } from '../../src/model/cloud.ts'
import { type HttpRequest, headerOf } from '../../src/model/exchange.ts'
import type { Json, Recipe, RecipeStep } from '../../src/model/recipe.ts'
import type { StepContext, Verb } from '../../src/model/step.ts'
import type { TempUrlGrant } from '../../src/model/temp-url.ts'
import { tokenRequest } from '../../src/openstack/auth/authenticate.ts'
import { revokeRequest } from '../../src/openstack/auth/token-requests.ts'
import { verbs } from '../../src/steps/index.ts'
import type { DataPath } from '../../src/util/data-path.ts'
import { cloudOf, loadRecipe, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { createResolver, type WireRequest } from './resolved.ts'

/** What one step of a run asked for. */
type Asked = {
  readonly title: string
  readonly requests: readonly WireRequest[]
  readonly grants: readonly TempUrlGrant[]
}

test.each(shippedRecipes)(
  '%s: what its script would send, with the values of a run, is what the run sends',
  async (file) => {
    await using sandbox = await startSandbox({ record: true })
    const cloud = await cloudOf(sandbox.environment)
    const recipe = await loadRecipe(`recipes/${file}`)
    const steps: { readonly written: Asked; readonly sent: Asked; readonly input: Json }[] = []
    let within = 0
    const watched = verbs.map(
      (verb): Verb => ({
        ...verb,
        run: async (step, context) => {
          const title = verb.title(step.input)
          const written = { title, ...(await symbolically(verb, step, { context, recipe, cloud, sandbox })) }
          const grants: TempUrlGrant[] = []
          const from = sandbox.requests.length
          await verb.run(step, {
            ...context,
            signUrl(grant) {
              grants.push(grant)
              return context.signUrl(grant)
            },
          })
          const requests = sentSince(from, sandbox)
          within += requests.length
          steps.push({ written, sent: { title, requests, grants }, input: step.input })
        },
      }),
    )
    const { result } = await runToEnd(recipe, { cloud, verbs: watched, environment: sandbox.environment })
    expect([result.exit, result.problem]).toEqual([0, undefined])
    for (const { written, sent, input } of steps) {
      const own = written.requests.map(({ body }, index) => {
        const one = sent.requests[index]
        return one?.body === unread ? { ...one, body } : one
      })
      expect({ ...sent, requests: own }).toEqual(written)
      const more = sent.requests.slice(own.length)
      expect(more.filter((one) => !isAskedByFunctions(one, written, input))).toEqual([])
    }
    // All else is what the end of a run, and of a script, revokes.
    for (const { method, path } of sandbox.requests.slice(within))
      expect([method, path]).toEqual(['DELETE', '/identity/v3/auth/tokens'])
  },
)

// What a step asks besides its request: the pages after the first, the documents of versions, and the proof that a token
// is revoked. A script has functions for that, which its tools run.
function isAskedByFunctions({ method, url }: WireRequest, { title }: Asked, input: Json): boolean {
  if (title.startsWith('revoke')) return method === 'HEAD' && url.endsWith('/auth/tokens')
  if (method !== 'GET' || typeof input !== 'object' || input === null) return false
  return 'all-pages' in input || 'version' in input
}

type Run = {
  readonly context: StepContext
  readonly recipe: Recipe
  readonly cloud: Cloud
  readonly sandbox: Sandbox
}

async function symbolically(verb: Verb, step: RecipeStep, run: Run): Promise<Omit<Asked, 'title'>> {
  // The endpoint is chosen by a function of the script.
  if (!/^(authenticate|request|revoke|sign)$/.test(verb.verb)) return { requests: [], grants: [] }
  const { context, recipe, cloud, sandbox } = run
  const placeholders = createPlaceholders(JSON.stringify(recipe))
  const { cloud: symbolic, variables } = symbolicCloud(cloud, placeholders, step.at)
  const parts = { placeholders, cloud: symbolic, directory: recipe.directory, fileInputs: new Set<string>() }
  const asked = await runSymbolically(verb, step, parts)
  const account = new Map<unknown, unknown>(
    variables.map(({ name, value }) => [name, sandbox.environment[name] ?? value]),
  )
  const resolve = createResolver(placeholders, (path) =>
    account.has(path[0]) ? account.get(path[0]) : context.lookup(written(path)),
  )
  const isOwnToken = (value: string): boolean => {
    const [only, more] = placeholders.cut(value)
    return typeof only === 'object' && only.read.name === 'token' && more === undefined
  }
  // The symbolic context gives every request a token; a run has one only after `authenticate`.
  const hasToken = context.lookup('token') !== undefined
  const withOwnToken = ({ headers, ...request }: HttpRequest): HttpRequest => ({
    ...request,
    headers: headers.filter(([, value]) => hasToken || !isOwnToken(value)),
  })
  const requests = requestsOf(asked, context).map((request) => resolve.request(withOwnToken(request)))
  return { requests, grants: asked.grant === undefined ? [] : [grantOf(resolve.json(asked.grant), context)] }
}

// The symbolic clock stands at 0.
function grantOf(grant: unknown, context: StepContext): TempUrlGrant {
  const { expires, ...rest } = grant as TempUrlGrant
  return { ...rest, expires: expires + Math.floor(context.now() / 1000) }
}

function requestsOf(
  { request, authentication, revocation }: SymbolicStep,
  context: StepContext,
): readonly HttpRequest[] {
  if (request !== undefined) return [request.request]
  if (authentication?.credentials.kind === 'keystone') {
    const { credentials, options } = authentication
    return [
      tokenRequest(`${credentials.authUrl}/auth/tokens${options.catalog ? '' : '?nocatalog'}`, credentials),
    ]
  }
  if (revocation === undefined) return []
  const token = revocation.token ?? context.renderText('${token}')
  return [revokeRequest(context.renderText('${token.identity_url}'), { token, subject: token })]
}

function written(path: DataPath): string {
  const [first = '', ...rest] = path
  return `${first}${rest.map((key) => `[${typeof key === 'number' ? key : `"${key}"`}]`).join('')}`
}

function sentSince(from: number, sandbox: Sandbox): readonly WireRequest[] {
  return sandbox.requests.slice(from).map(({ method, path, headers, body }) => ({
    method,
    url: sandbox.url + path,
    headers: Object.fromEntries(
      headers
        .map(([name, value]) => [name.toLowerCase(), value] as const)
        .filter(([name]) => !addedBySending.test(name)),
    ),
    // The sandbox need not read what it refuses.
    body: body.length < sizeOf(headers) ? unread : body.toString(),
    size: sizeOf(headers),
  }))
}

const unread = 'a body that was not read'

function sizeOf(headers: Sandbox['requests'][number]['headers']): number {
  return Number(headerOf(headers, 'Content-Length') ?? 0)
}

const addedBySending = /^(host|connection|content-length|user-agent|x-openstack-request-id)$/
