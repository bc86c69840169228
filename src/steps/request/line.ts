import type { Json } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import { remembered } from '../../util/remembered.ts'
import { isMapping, textOf } from '../input.ts'
import { joinUrl, withQuery } from '../url.ts'

/** The method, in capitals, and the URL of a request. */
export type RequestLine = { readonly method: string; readonly url: string }

/** What a `request` asks for as it is written, templates and all; GET unless it says another method. */
export function writtenLine(input: Json): RequestLine {
  const source = isMapping(input) ? input : undefined
  const line = source === undefined ? textOf(input) : textOf(source.url)
  if (source?.method !== undefined) return { method: textOf(source.method).toUpperCase(), url: line.trim() }
  return lineOf(line)
}

// A step is asked for it several times each time that it runs.
const lineOf = remembered((line): RequestLine => {
  const found = /^([A-Za-z]+)\s+(\S[\s\S]*)$/.exec(line)
  return found
    ? { method: (found[1] ?? '').toUpperCase(), url: (found[2] ?? '').trim() }
    : { method: 'GET', url: line.trim() }
})

/** What a `request` would ask for now: the whole URL with its query. Throws where a value is missing. */
export function requestLine(input: Json, context: StepContext): RequestLine {
  const { method, url: template } = writtenLine(input)
  const at = isMapping(input) ? ['url'] : []
  const rendered = context.renderUrl(template, at)
  const endpoint = context.lookup('endpoint')
  const url = joinUrl(isMapping(endpoint) ? textOf(endpoint.url) : undefined, rendered, context.locate(at))
  if (!isMapping(input) || !isMapping(input.query)) return { method, url }
  return {
    method,
    url: withQuery(url, context.renderFilled(input.query, ['query']) as Record<string, unknown>),
  }
}
