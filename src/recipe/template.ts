import type { Position } from '../model/problem.ts'
import { OsrunError } from '../model/problem.ts'
import type { Json } from '../model/recipe.ts'
import { type DataPath, dataPathSource, parseDataPath } from '../util/data-path.ts'

/** Marks a value that has fields and a text of its own: `{ [ownText]: token.id, project }`. */
export const ownText: unique symbol = Symbol('osrun.ownText')

/** One read: `${path}`, `${path:-default}` or `${path:?message}`. */
export type TemplateRead = {
  readonly kind: 'read'
  readonly path: DataPath
  /** The path as it was written. */
  readonly name: string
  /** Where `${` starts in the text, and how long the read is, braces included. */
  readonly offset: number
  readonly length: number
  readonly fallback?: Template
  readonly message?: string
}

/** A text with reads in it. */
export type Template = {
  readonly parts: readonly ({ readonly kind: 'text'; readonly text: string } | TemplateRead)[]
}

/** A `${` that cannot be read. */
export type TemplateFault = {
  readonly offset: number
  readonly length: number
  readonly message: string
  readonly hint: string
}

/** How values are written: as they are, into a URL, or as one component of a query. */
export type TemplateMode = 'text' | 'url' | 'query'

/** Finds the value of a read; undefined when there is none. */
export type Lookup = (path: DataPath) => unknown

/** Reads a template; throws `TEMPLATE_INVALID` for the first `${` that is not well formed. */
export function parseTemplate(text: string, at?: Position): Template {
  const { template, faults } = readTemplate(text)
  const fault = faults[0]
  if (fault) throw new OsrunError('TEMPLATE_INVALID', fault.message, { at, hint: fault.hint })
  return template
}

/** Reads a template and tells of every `${` that is not well formed. */
export function readTemplate(text: string): {
  readonly template: Template
  readonly faults: readonly TemplateFault[]
} {
  const reader: Reader = { text, at: 0, depth: 0, faults: [] }
  return { template: readParts(reader), faults: reader.faults }
}

/** All reads of a template, those within defaults included. */
export function* readsOf(template: Template): Generator<TemplateRead> {
  for (const part of template.parts) {
    if (part.kind === 'text') continue
    yield part
    if (part.fallback) yield* readsOf(part.fallback)
  }
}

/**
 * Puts values into a template.
 *
 * `text`: a template that is one read gives the value itself, of any type; otherwise values become text (JSON for
 * lists and mappings). `url`: values are percent-encoded, `/` kept up to the query, and a leading read is written as
 * it is. `query`: the whole text becomes one encoded component.
 * Throws `VALUE_MISSING` when a read has no value.
 */
export function renderTemplate(
  template: Template,
  lookup: Lookup,
  mode: TemplateMode = 'text',
  at?: Position,
): unknown {
  const [first, second] = template.parts
  if (mode === 'text' && first?.kind === 'read' && !second) return readValue(first, lookup, at)
  let text = ''
  for (const part of template.parts) {
    if (part.kind === 'text') text += mode === 'query' ? percentEncode(part.text, false) : part.text
    else {
      const value = readValue(part, lookup, at)
      if (value === null && mode !== 'text') throw missing(part, 'is null', at)
      const written = toText(value)
      if (mode === 'text' || (mode === 'url' && part === first)) text += written
      else text += percentEncode(written, mode === 'url' && !/[?#]/.test(text))
    }
  }
  return text
}

/**
 * Renders every template in the string leaves of a value, in `text` mode. Keys are left alone; what holds no template
 * is given back as it is, not copied. `locate` gives the place for an error.
 */
export function renderJson(
  value: Json,
  lookup: Lookup,
  locate?: (path: DataPath) => Position,
  path: DataPath = [],
): unknown {
  if (typeof value === 'string') {
    if (!value.includes('${')) return value
    const at = locate?.(path)
    return renderTemplate(parseTemplate(value, at), lookup, 'text', at)
  }
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) {
    const items = value.map((item, index) => renderJson(item, lookup, locate, [...path, index]))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  let changed = false
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const rendered = renderJson(item, lookup, locate, [...path, key])
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

type Reader = { readonly text: string; at: number; depth: number; readonly faults: TemplateFault[] }

function readParts(reader: Reader): Template {
  const { text } = reader
  const parts: ({ kind: 'text'; text: string } | TemplateRead)[] = []
  let literal = ''
  while (reader.at < text.length) {
    if (reader.depth > 0 && text[reader.at] === '}') break
    if (text.startsWith('$${', reader.at)) {
      literal += '${'
      reader.at += 3
    } else if (text.startsWith('${', reader.at)) {
      const read = readRead(reader)
      if (read === undefined) continue
      if (literal !== '') parts.push({ kind: 'text', text: literal })
      literal = ''
      parts.push(read)
    } else {
      // Runs of plain text are taken in one piece: a body of a megabyte must not be read by the character.
      plainRun.lastIndex = reader.at
      const run = reader.depth > 0 ? undefined : plainRun.exec(text)?.[0]
      literal += run || text[reader.at]
      reader.at += run?.length || 1
    }
  }
  if (literal !== '') parts.push({ kind: 'text', text: literal })
  return { parts }
}

function readRead(reader: Reader): TemplateRead | undefined {
  const { text } = reader
  const offset = reader.at
  pathAt.lastIndex = offset + 2
  const name = pathAt.exec(text)?.[0] ?? ''
  const path = name === '' ? undefined : parseDataPath(name)
  reader.at = offset + 2 + name.length
  const next = text.slice(reader.at, reader.at + 2)
  let fallback: Template | undefined
  let message: string | undefined
  if (path && next === ':-' && reader.depth < 8) {
    reader.at += 2
    reader.depth++
    fallback = readParts(reader)
    reader.depth--
  } else if (path && next === ':?') {
    const end = text.indexOf('}', reader.at)
    message = text.slice(reader.at + 2, end === -1 ? undefined : end)
    reader.at = end === -1 ? text.length : end
  }
  if (path === undefined || text[reader.at] !== '}') return fault(reader, offset)
  reader.at++
  const length = reader.at - offset
  return {
    kind: 'read',
    path,
    name,
    offset,
    length,
    ...(fallback && { fallback }),
    ...(message !== undefined && { message }),
  }
}

function fault(reader: Reader, offset: number): undefined {
  const end = reader.text.indexOf('}', offset)
  const stop = end === -1 ? reader.text.length : end + 1
  const found = reader.text.slice(offset, Math.min(stop, offset + 60))
  reader.faults.push({
    offset,
    length: Math.max(2, found.length),
    message: end === -1 ? `"${found}" is never closed.` : `"${found}" is no template.`,
    hint: 'Write ${name}, ${name.field}, ${name[0]}, ${name:-default} or ${name:?message}; $${ is a literal ${.',
  })
  reader.at = Math.max(stop, offset + 2)
  return undefined
}

function readValue(read: TemplateRead, lookup: Lookup, at: Position | undefined): unknown {
  const found = lookup(read.path)
  const value = textOf(found) ?? found
  const empty = value === undefined || value === null || value === ''
  if (empty && read.fallback) return renderTemplate(read.fallback, lookup, 'text', at)
  if (empty && read.message !== undefined) throw missing(read, 'is missing', at)
  if (value === undefined) throw missing(read, 'has no value', at)
  return value
}

function missing(read: TemplateRead, what: string, at: Position | undefined): OsrunError {
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
  return JSON.stringify(value) ?? ''
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

const pathAt = new RegExp(dataPathSource, 'y')
const plainRun = /[^$]+/y
