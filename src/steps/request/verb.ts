import type { FacedVerb } from '../../export/verb-faces.ts'
import type { HeaderList, HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Json, RecipeStep } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import { compileExpectation } from '../../recipe/expectation/expectation.ts'
import { isTokenHeader } from '../../util/secret-names.ts'
import { isMapping } from '../input.ts'
import { checkAllPages, gatherPages, wantsAllPages } from './all-pages.ts'
import { bodyOf, checkParts, contentType, filesOf } from './body.ts'
import { requestDefaults } from './defaults.ts'
import { requestLine, writtenLine } from './line.ts'
import type { AskedMicroversion } from './microversion.ts'
import { checkMicroversion, compareMicroversion, microversionHint, readMicroversion } from './microversion.ts'
import { requestSchema } from './schema.ts'

/** Sends one HTTP request and keeps the answer. */
export const request: FacedVerb = {
  verb: 'request',
  traits: { sendsRequest: true },
  faces: {
    explain: () => import('./explain.ts'),
    shell: () => import('./shell.ts'),
    plain: () => import('./plain.ts'),
  },
  summary: 'Sends a request; it succeeds on a status below 400, or on what `expect` says.',
  schema: requestSchema,
  example: '- request: HEAD ${endpoint}/photos/fullsize/ovh-summit-2014-backstage-DS.jpg\n',
  title: (input) => {
    const { method, url } = writtenLine(input)
    return `${method} ${url}`
  },
  sets: () => ['response'],
  reads: (input) => {
    const { url } = writtenLine(input)
    // A microversion is that of the endpoint's service, and what is made stands in the ledger with it.
    return [
      { name: 'endpoint', path: [], use: url.startsWith('/') ? 'needed' : 'seen' },
      { name: 'token', path: [], use: 'wanted' },
      { name: 'catalog', path: [], use: 'seen' },
    ]
  },
  check(input, report) {
    if (!isMapping(input)) return
    if (input['save-to'] !== undefined && input.method === 'HEAD')
      report(['save-to'], 'A HEAD has no body to save.', 'Use GET, or leave save-to out.')
    checkParts(input, report)
    checkMicroversion(input, report)
    checkAllPages(input, writtenLine(input).method, report)
  },
  doubt(input, report) {
    const [, name] = /\$([A-Za-z_]\w*)/.exec(writtenLine(input).url) ?? []
    if (name === undefined) return
    const path = isMapping(input) ? ['url'] : []
    report(path, `"$${name}" is sent as it stands there.`, `The value of a name is \${${name}}.`)
  },
  asks: (input) => ({
    ...writtenLine(input),
    files: filesOf(input),
    takesOwn: isMapping(input) && input.token === true,
  }),
  defaults: requestDefaults,
  async run(step, context) {
    const input: Record<string, unknown> = isMapping(step.input) ? step.input : {}
    const { prepared, asked } = prepare(step, input, context)
    const expect = input.expect === undefined ? undefined : context.render(input.expect as Json, ['expect'])
    const accepts = expect === undefined ? undefined : compileExpectation(expect as Json)
    let strayed: string | undefined
    const details = {
      expects401: accepts !== undefined && accepts(401).length === 0,
      redirect: input.redirect !== false,
      onStray(origin: string) {
        strayed = origin
      },
    }
    const credentials = context.credentialHeaders()
    const response = await context.send(prepared, details)
    judge(step, response, { expect, accepts, asked, strayed }, context)
    if (asked !== undefined) compareMicroversion(asked, response, context)
    if (wantsAllPages(input) && response.status < 300)
      await gatherPages(
        { request: prepared, first: response, wanted: input['all-pages'], details, credentials },
        context,
      )
  },
}

function prepare(
  step: RecipeStep,
  input: Record<string, unknown>,
  context: StepContext,
): { readonly prepared: HttpRequest; readonly asked: AskedMicroversion | undefined } {
  const { method, url } = requestLine(step.input, context)
  const body = bodyOf(input, context)
  const headers: [string, string][] = []
  for (const [name, value] of Object.entries(isMapping(input.headers) ? input.headers : {}))
    headers.push([name, context.renderText(value as Json, ['headers', name])])
  if (headerOf(headers, 'Accept') === undefined)
    headers.unshift(['Accept', wantsAllPages(input) ? 'application/json' : '*/*'])
  const type = contentType(input)
  if (type !== undefined && headerOf(headers, 'Content-Type') === undefined)
    headers.push(['Content-Type', type])
  const asked = readMicroversion(
    input.microversion as Json | undefined,
    { line: writtenLine(step.input).url, url, isDefault: step.defaulted.includes('microversion') },
    context,
  )
  const sent = [
    ...headers,
    ...(asked?.headers ?? []),
    ...credentialHeaders({ url, given: headers, wanted: input.token }, step, context),
  ]
  const saveTo =
    input['save-to'] === undefined
      ? undefined
      : context.renderPath(input['save-to'] as Json, ['save-to'], 'write')
  return {
    prepared: { method, url, headers: sent, ...(body && { body }), ...(saveTo !== undefined && { saveTo }) },
    asked,
  }
}

// A token goes only where the catalog says, unless the recipe says `token: true` and the caller allows it, which is then told.
function credentialHeaders(
  { url, given, wanted }: { readonly url: string; readonly given: HeaderList; readonly wanted: unknown },
  step: RecipeStep,
  context: StepContext,
): HeaderList {
  const credentials = context.credentialHeaders()
  const own = headerOf(given, 'X-Auth-Token')
  const allowed = context.mayReceiveToken(url, own)
  if (!allowed && wanted === true && own === undefined && credentials.length > 0)
    context.permitOrigin(url, 'The token', ['token'])
  if (!allowed && wanted === true)
    context.notice(`The token goes to ${new URL(url).origin}, which the catalog does not name.`, 'warning')
  if (!allowed && wanted !== true && given.some(([name]) => isTokenHeader(name)))
    throw new OsrunError(
      'URL_INVALID',
      phrase`${new URL(url).origin} is not in the catalog, so it gets no token.`,
      {
        at: context.locate(['headers']),
        hint: phrase`Say \`token: true\` in the step if that server is to have it, and allow it by --allow-origin.`,
      },
    )
  if (wanted === false || own !== undefined) return []
  if (allowed || wanted === true) return credentials
  if (credentials.length > 0)
    context.notice(
      `${new URL(url).origin} is not in the catalog, so the request of step "${step.id}" carries no token.`,
    )
  return []
}

type Expected = {
  readonly expect: unknown
  /** Undefined when the step says nothing: below 400 is right then. */
  readonly accepts: ReturnType<typeof compileExpectation> | undefined
  readonly asked: AskedMicroversion | undefined
  /** The origin that a redirect led to and that got no token. */
  readonly strayed: string | undefined
}

function judge(
  step: RecipeStep,
  response: HttpResponse,
  { expect, accepts, asked, strayed }: Expected,
  context: StepContext,
): void {
  const { status } = response
  const misses =
    accepts?.(status) ?? (status < 400 ? [] : [{ path: '', expected: 'below 400', found: String(status) }])
  context.fail(
    misses.map(({ expected, found }) => ({
      subject: 'status',
      expected,
      found,
      at: expect === undefined ? step.at : context.locate(['expect']),
    })),
    'STATUS_UNEXPECTED',
    status === 401 && strayed !== undefined ? strayHint(strayed) : microversionHint(asked, response),
  )
}

function strayHint(origin: string): string {
  return `The request was redirected to ${origin}, which is not in the catalog, so no token went there. Pick an endpoint of that server, or ask it itself with \`token: true\`.`
}
