import type { HeaderList, HttpResponse } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { DataPath, Json } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import type { Catalog } from '../../model/token.ts'
import {
  answeredMicroversion,
  isOfService,
  microversionedTypes,
  microversionHeaders,
  microversionRange,
  parseMicroversion,
} from '../../openstack/versions/microversion.ts'
import { nearest } from '../../util/text/nearest.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'
import { isMapping, textOf } from '../input.ts'

/** The microversion that a request asks for: of which service, and the headers that say so. */
export type AskedMicroversion = {
  /** The service type as the catalog, or the recipe, spells it. */
  readonly service: string
  readonly version: string
  readonly headers: HeaderList
}

/** Reports what is wrong with a `microversion` that is written out, and one beside a header of the same meaning. */
export function checkMicroversion(
  input: { readonly [key: string]: unknown },
  report: (path: DataPath, message: string, hint?: string) => void,
): void {
  const { microversion, headers } = input
  if (microversion === undefined) return
  const given = isMapping(headers) ? Object.keys(headers).find((name) => versionHeader.test(name)) : undefined
  if (given !== undefined)
    report(['headers', given], `"microversion" sends the header ${given} already.`, 'Leave one of them out.')
  const text = textOf(microversion)
  if (text.includes('${')) return
  const wanted = parseMicroversion(text)
  if (wanted === undefined) report(['microversion'], notAMicroversion(text), form)
  else if (wanted.service !== undefined && microversionHeaders(wanted.service, wanted.version) === undefined)
    report(['microversion'], hasNone(wanted.service), known(wanted.service))
}

/**
 * The microversion of a request to `url`: of the service that the recipe names with it, else of the endpoint that
 * `line`, the URL as the recipe has it, starts from, else of the longest URL of the catalog that `url` starts with.
 * One that only the recipe's defaults say is asked of no service that has none, and of no other than the one that they name.
 */
export function readMicroversion(
  value: Json | undefined,
  { line, url, isDefault }: { readonly line: string; readonly url: string; readonly isDefault: boolean },
  context: StepContext,
): AskedMicroversion | undefined {
  if (value === undefined) return undefined
  const at = context.locate(['microversion'])
  const text = context.renderText(value, ['microversion'])
  const wanted = parseMicroversion(text)
  if (wanted === undefined) throw new OsrunError('VALUE_INVALID', notAMicroversion(text), { at, hint: form })
  const { version } = wanted
  if (isDefault) {
    const asked = serviceOf(line, url, context)
    const headers = asked === undefined ? undefined : microversionHeaders(asked, version)
    if (asked === undefined || headers === undefined) return undefined
    return isOfService(wanted, asked) ? { service: asked, version, headers } : undefined
  }
  const service = wanted.service ?? serviceOf(line, url, context)
  if (service === undefined)
    throw new OsrunError(
      'VALUE_INVALID',
      phrase`Nothing says of which service ${version} is a microversion.`,
      {
        at,
        hint: phrase`Start the URL with the endpoint that was picked, or name the service: microversion: compute ${version}.`,
      },
    )
  const headers = microversionHeaders(service, version)
  if (headers === undefined)
    throw new OsrunError('VALUE_INVALID', hasNone(service), { at, hint: known(service) })
  return { service, version, headers }
}

/** Tells when a service did not answer by the version that it was asked for, and which one `latest` is. */
export function compareMicroversion(
  { service, version }: AskedMicroversion,
  { status, headers }: HttpResponse,
  context: StepContext,
): void {
  // An error may come from before the service: a proxy, the check of the token.
  if (status >= 400) return
  const answered = answeredMicroversion(service, headers)
  if (answered === undefined)
    context.notice(
      `${service} does not say by which version it answered: it may have ignored microversion ${version}.`,
      'warning',
    )
  else if (version === 'latest') context.notice(`The latest microversion of ${service} is ${answered}.`)
  else if (answered !== version)
    context.notice(`${service} answered by version ${answered}, not by microversion ${version}.`, 'warning')
}

/** What to do about the refusal of a microversion: the versions that there are; undefined for any other answer. */
export function microversionHint(
  asked: AskedMicroversion | undefined,
  response: HttpResponse,
): string | undefined {
  if (asked === undefined || response.status !== 406) return undefined
  const { service, version } = asked
  const range = microversionRange(response.headers, bodyOf(response))
  return range === undefined
    ? `${service} does not accept microversion ${version}.`
    : `${service} has the microversions ${range.least} to ${range.greatest}; ${version} was asked for.`
}

/** The headers that ask for a version of a service. */
export const versionHeader = /^(openstack-api-version|x-openstack-[a-z-]+-api-version)$/i
const form = 'Write 2.90 or latest, or the service with it, as in the header: compute 2.90.'

function notAMicroversion(text: string): string {
  return `"${text}" is no microversion.`
}

function hasNone(service: string): string {
  return `osrun knows of no microversions of the service ${service}.`
}

function known(service: string): string {
  const near = nearest(service, microversionedTypes)
  const guess = near === undefined ? '' : ` Did you mean ${near}?`
  return `These have some: ${microversionedTypes.join(', ')}.${guess}`
}

function serviceOf(line: string, url: string, context: StepContext): string | undefined {
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(line)
  const name = /^\$\{([A-Za-z_][\w-]*)\}/.exec(line)?.[1] ?? (isAbsolute ? undefined : 'endpoint')
  const endpoint = name === undefined ? undefined : context.lookup(name)
  if (isMapping(endpoint) && typeof endpoint.service === 'string') return endpoint.service
  const catalog = context.lookup('catalog')
  if (!Array.isArray(catalog)) return undefined
  let best = { length: 0, type: undefined as string | undefined }
  for (const { type, endpoints } of catalog as Catalog)
    for (const one of endpoints) {
      const base = withoutEndSlashes(one.url)
      if (
        base.length > best.length &&
        (url === base || url.startsWith(`${base}/`) || url.startsWith(`${base}?`))
      )
        best = { length: base.length, type }
    }
  return best.type
}

function bodyOf({ headers, body }: HttpResponse): unknown {
  if (body === undefined) return undefined
  const text = new TextDecoder().decode(body)
  if (!/json/i.test(headerOf(headers, 'Content-Type') ?? '')) return text
  try {
    return JSON.parse(text)
  } catch {
    // What calls itself JSON and is not still has words.
    return text
  }
}
