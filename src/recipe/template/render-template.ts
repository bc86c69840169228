import type { Position } from '../../model/problem.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import type { DataPath } from '../../util/data-path.ts'
import { jsonText } from '../../util/parse-json.ts'
import { joinEndpoint, joinStart } from '../../util/url-seam.ts'
import { parseTemplate, type Template, type TemplateRead } from './template.ts'

/** Marks a value that has fields and a text of its own: `{ [ownText]: token.id, project }`. */
export const ownText: unique symbol = Symbol('osrun.ownText')

/**
 * How values are written: `value` and `filled` as they are where a template is one read, `text` always as a text, `url` into a
 * URL, `query` as one component of a query.
 */
export type TemplateMode = 'value' | 'filled' | 'text' | 'url' | 'query'

/** Finds the value of a read; undefined when there is none. */
export type Lookup = (path: DataPath) => unknown

/**
 * Puts values into a template.
 *
 * `value`: a template that is one read gives the value itself, of any type; otherwise values become text (JSON for
 * lists and mappings). `filled`: as `value`, where neither null nor a list with null will do. `url`: values are
 * percent-encoded, `/` kept up to the query, and a leading read is written as it is. `query`: the whole text becomes one
 * encoded component.
 * Throws `VALUE_MISSING` when a read has no value, and where null would become text: null is no text.
 */
export function renderTemplate(
  template: Template,
  lookup: Lookup,
  mode: TemplateMode = 'value',
  at?: Position,
): unknown {
  const [first, second] = template.parts
  if ((mode === 'value' || mode === 'filled') && first?.kind === 'read' && !second) {
    const value = readValue(first, lookup, at)
    if (mode === 'filled') checkFilled(value, first, at)
    return value
  }
  if (mode === 'url' && first?.kind === 'read' && second) return renderUrl(template, lookup, at)
  return renderParts(template.parts, { lookup, mode, at })
}

// Where the value at the start of a URL and what follows it meet there is one slash, if any.
function renderUrl({ parts }: Template, lookup: Lookup, at: Position | undefined): string {
  const start = renderParts(parts.slice(0, 1), { lookup, mode: 'url', at })
  const rest = renderParts(parts.slice(1), { lookup, mode: 'url', at, before: start })
  const [read] = parts
  const isEndpoint = read?.kind === 'read' && textOf(lookup(read.path)) === start
  return isEndpoint && isUrl.test(start) ? joinEndpoint(start, rest) : joinStart(start, rest)
}

const isUrl = /^https?:\/\//i

type Rendering = {
  readonly lookup: Lookup
  readonly mode: TemplateMode
  readonly at: Position | undefined
  /** What stands before these parts; undefined at the start. */
  readonly before?: string
}

function renderParts(parts: Template['parts'], { lookup, mode, at, before }: Rendering): string {
  let text = ''
  for (const part of parts) {
    if (part.kind === 'text') text += mode === 'query' ? percentEncode(part.text, false) : part.text
    else {
      const value = readValue(part, lookup, at)
      if (value === null) throw missing(part, 'is null', at)
      const written = toText(value)
      if (mode === 'query' || (mode === 'url' && !(before === undefined && part === parts[0])))
        text += percentEncode(written, mode === 'url' && !/[?#]/.test((before ?? '') + text))
      else text += written
    }
  }
  return text
}

/**
 * Renders every template in the string leaves of a value, in `value` mode. Keys are left alone; what holds no template
 * is given back as it is, not copied. `locate` gives the place for an error.
 */
export function renderJson(
  value: Json,
  lookup: Lookup,
  locate?: (path: DataPath) => Position,
  path: DataPath = [],
): unknown {
  return renderLeaves(value, path, leafRenderer(lookup, 'value', locate))
}

/** As `renderJson`, of a value whose leaves become text: throws `VALUE_MISSING` where one is null, or a list with null. */
export function renderFilled(
  value: Json,
  lookup: Lookup,
  locate?: (path: DataPath) => Position,
  path: DataPath = [],
): unknown {
  return renderLeaves(value, path, leafRenderer(lookup, 'filled', locate))
}

type RenderLeaf = (text: string, path: DataPath) => unknown

function leafRenderer(
  lookup: Lookup,
  mode: TemplateMode,
  locate: ((path: DataPath) => Position) | undefined,
): RenderLeaf {
  return (text, path) => {
    if (!text.includes('${')) return text
    const at = locate?.(path)
    return renderTemplate(parseTemplate(text, at), lookup, mode, at)
  }
}

function renderLeaves(value: Json, path: DataPath, render: RenderLeaf): unknown {
  if (typeof value === 'string') return render(value, path)
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) {
    const items = value.map((item, index) => renderLeaves(item, [...path, index], render))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  let changed = false
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const rendered = renderLeaves(item, [...path, key], render)
    changed ||= rendered !== item
    return [key, rendered]
  })
  return changed ? Object.fromEntries(entries) : value
}

/** A rendered value in which a token or an endpoint that stands alone is its text, also within a JSON body. */
export function ownValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (ownText in value) return value[ownText]
  if (Array.isArray(value)) return value.map(ownValue)
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, ownValue(child)]))
}

/** Percent-encodes all but the unreserved characters of RFC 3986, and `/` where it is to be kept. */
export function percentEncode(text: string, keepSlash: boolean): string {
  const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd')
  const encoded = encodeURIComponent(wellFormed).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return keepSlash ? encoded.replaceAll('%2F', '/') : encoded
}

function readValue(read: TemplateRead, lookup: Lookup, at: Position | undefined): unknown {
  const found = lookup(read.path)
  const value = textOf(found) ?? found
  const empty = value === undefined || value === null || value === ''
  if (empty && read.fallback) return renderTemplate(read.fallback, lookup, 'value', at)
  if (empty && read.message !== undefined) throw missing(read, 'is missing', at)
  if (value === undefined) throw missing(read, 'has no value', at)
  return value
}

function checkFilled(value: unknown, read: TemplateRead, at: Position | undefined): void {
  if (value === null) throw missing(read, 'is null', at)
  const index = Array.isArray(value) ? value.indexOf(null) : -1
  if (index >= 0) throw missing({ ...read, name: `${read.name}[${index}]` }, 'is null', at)
}

function missing(
  read: Pick<TemplateRead, 'name' | 'message'>,
  what: string,
  at: Position | undefined,
): OsrunError {
  const message = read.message ? `${read.name}: ${read.message}` : `\${${read.name}} ${what}.`
  return new OsrunError('VALUE_MISSING', message, {
    at,
    hint: `\${${read.name}:-default} would give a default.`,
  })
}

function textOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return (value as { readonly [ownText]?: unknown })[ownText]
}

function toText(value: unknown): string {
  if (typeof value !== 'object') return String(value)
  return jsonText(value)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
