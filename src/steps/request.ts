import { resolve } from 'node:path'
import type { HeaderList, HttpRequest, HttpResponse, RequestBody } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'
import type { Json, RecipeStep } from '../model/recipe.ts'
import type { StepContext, Verb } from '../model/step.ts'
import { compileExpectation } from '../recipe/expectation.ts'
import { isMapping, textOf } from './input.ts'
import { requestDefaults } from './request-defaults.ts'
import { requestSchema } from './request-schema.ts'
import { joinUrl, withQuery } from './url.ts'

/** Sends one HTTP request and keeps the answer. */
export const request: Verb = {
  verb: 'request',
  summary: 'Sends a request; it succeeds on a status below 400, or on what `expect` says.',
  schema: requestSchema,
  example: '- request: HEAD ${endpoint}/photos/fullsize/ovh-summit-2014-backstage-DS.jpg\n',
  title: (input) => {
    const { method, url } = target(input)
    return `${method} ${url}`
  },
  sets: () => ['response'],
  reads: (input) => {
    const { url } = target(input)
    return url.startsWith('/') ? [{ name: 'endpoint', path: [] }] : []
  },
  check(input, report) {
    if (isMapping(input) && input['save-to'] !== undefined && input.method === 'HEAD')
      report(['save-to'], 'A HEAD has no body to save.', 'Use GET, or leave save-to out.')
  },
  defaults: requestDefaults,
  async run(step, context) {
    const input: Record<string, unknown> = isMapping(step.input) ? step.input : {}
    const prepared = prepare(step, input, context)
    const expect = input.expect === undefined ? undefined : context.render(input.expect as Json, ['expect'])
    const accepts = expect === undefined ? undefined : compileExpectation(expect as Json)
    const response = await context.send(prepared, {
      expects401: accepts !== undefined && accepts(401).length === 0,
      redirect: input.redirect !== false,
    })
    judge(step, response, expect, accepts, context)
  },
}

function target(input: Json): { readonly method: string; readonly url: string } {
  const source = isMapping(input) ? input : undefined
  const line = source === undefined ? textOf(input) : textOf(source.url)
  const found = /^([A-Za-z]+)\s+(\S[\s\S]*)$/.exec(line)
  if (source?.method !== undefined) return { method: textOf(source.method).toUpperCase(), url: line.trim() }
  if (found) return { method: (found[1] ?? '').toUpperCase(), url: (found[2] ?? '').trim() }
  return { method: 'GET', url: line.trim() }
}

function prepare(step: RecipeStep, input: Record<string, unknown>, context: StepContext): HttpRequest {
  const { method, url: template } = target(step.input)
  const at = isMapping(step.input) ? ['url'] : []
  const rendered = context.renderUrl(template, at)
  const endpoint = context.lookup('endpoint')
  const url = withQuery(
    joinUrl(isMapping(endpoint) ? textOf(endpoint.url) : undefined, rendered, context.locate(at)),
    isMapping(input.query) ? (context.render(input.query, ['query']) as Record<string, unknown>) : {},
  )
  const body = bodyOf(input, context)
  const headers: [string, string][] = []
  for (const [name, value] of Object.entries(isMapping(input.headers) ? input.headers : {}))
    headers.push([name, context.renderText(value as Json, ['headers', name])])
  if (headerOf(headers, 'Accept') === undefined) headers.unshift(['Accept', '*/*'])
  const type = contentType(input)
  if (type !== undefined && headerOf(headers, 'Content-Type') === undefined)
    headers.push(['Content-Type', type])
  const sent = [...headers, ...credentialHeaders(url, headers, input.token, step, context)]
  const saveTo = input['save-to'] === undefined ? undefined : pathOf(input['save-to'], 'save-to', context)
  return { method, url, headers: sent, ...(body && { body }), ...(saveTo !== undefined && { saveTo }) }
}

function bodyOf(input: Record<string, unknown>, context: StepContext): RequestBody | undefined {
  if (input.json !== undefined) {
    const json = context.render(input.json as Json, ['json'])
    return { kind: 'text', text: JSON.stringify(json), json }
  }
  if (isMapping(input.form)) {
    const form = new URLSearchParams()
    for (const [name, value] of Object.entries(
      context.render(input.form, ['form']) as Record<string, unknown>,
    ))
      for (const one of Array.isArray(value) ? value : [value]) form.append(name, textOf(one))
    return { kind: 'text', text: form.toString() }
  }
  if (input.body !== undefined)
    return { kind: 'text', text: context.renderText(input.body as Json, ['body']) }
  if (input.file !== undefined) return { kind: 'file', path: pathOf(input.file, 'file', context) }
  return undefined
}

function contentType(input: Record<string, unknown>): string | undefined {
  if (input.json !== undefined) return 'application/json'
  if (input.form !== undefined) return 'application/x-www-form-urlencoded'
  return undefined
}

function pathOf(value: unknown, key: string, context: StepContext): string {
  return resolve(context.directory, context.renderText(value as Json, [key]))
}

const tokenHeader = /^x-(auth|subject|service|storage)-token$/i

// A token goes only where the catalog says, unless the recipe says `token: true`, which is then told.
function credentialHeaders(
  url: string,
  given: HeaderList,
  wanted: unknown,
  step: RecipeStep,
  context: StepContext,
): HeaderList {
  const credentials = context.credentialHeaders()
  const allowed = context.mayReceiveToken(url)
  const own = headerOf(given, 'X-Auth-Token')
  if (!allowed && wanted === true)
    context.notice(`The token goes to ${new URL(url).origin}, which the catalog does not name.`, 'warning')
  if (!allowed && wanted !== true && given.some(([name]) => tokenHeader.test(name)))
    throw new OsrunError(
      'URL_INVALID',
      `${new URL(url).origin} is not in the catalog, so it gets no token.`,
      {
        at: context.locate(['headers']),
        hint: 'Say `token: true` in the step if that server is to have it.',
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

function judge(
  step: RecipeStep,
  response: HttpResponse,
  expect: unknown,
  accepts: ReturnType<typeof compileExpectation> | undefined,
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
  )
}
