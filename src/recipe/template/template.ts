import type { Position } from '../../model/problem.ts'
import { OsrunError } from '../../model/problem.ts'
import { type DataPath, dataPathSource, parseDataPath } from '../../util/data-path.ts'
import { remembered } from '../../util/remembered.ts'

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

/** Reads a template; throws `TEMPLATE_INVALID` for the first `${` that is not well formed. */
export function parseTemplate(text: string, at?: Position): Template {
  const { template, faults } = readAgain(text)
  const fault = faults[0]
  if (fault) throw new OsrunError('TEMPLATE_INVALID', fault.message, { at, hint: fault.hint })
  return template
}

const readAgain = remembered((text) => readTemplate(text))

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

const pathAt = new RegExp(dataPathSource, 'y')
const plainRun = /[^$]+/y
