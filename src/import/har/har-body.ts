import type { FormPart } from '../../model/exchange.ts'
import type { RecordedBody } from '../conversation.ts'
import { fields, text } from './har-fields.ts'

/** A body of a HAR file, or what it is that a recipe cannot hold. */
type HarBody = {
  readonly body?: RecordedBody
  readonly why?: string
  /** The names of the files that were sent. */
  readonly files?: readonly string[]
}

/**
 * The body of `postData`, which has it as text, perhaps as base64, or as parameters.
 * http://www.softwareishard.com/blog/har-12-spec/#postData
 *
 * @param contentType the header of the request, for a `postData` that tells no type
 */
export function harBody(data: unknown, contentType: string): HarBody {
  const posted = fields(data)
  const type = text(posted.mimeType) || contentType
  const params = (Array.isArray(posted.params) ? posted.params : []).map(fields)
  const { written, why } = writtenBody(posted)
  if (/^multipart\//i.test(type)) return multipart(type, params, written)
  if (why !== undefined) return { why }
  if (isBinary(written)) return { why: 'a binary body' }
  if (written !== '') return { body: { kind: 'text', text: written } }
  if (params.length === 0) return {}
  const form = new URLSearchParams(
    params.map(({ name, value }): [string, string] => [text(name), text(value)]),
  )
  return { body: { kind: 'text', text: form.toString() } }
}

function writtenBody(posted: Readonly<Record<string, unknown>>): {
  readonly written: string
  readonly why?: string
} {
  const written = text(posted.text)
  if (posted.encoding !== 'base64') return { written }
  if (!/^[A-Za-z0-9+/\s]*(?:=[=\s]*)?$/.test(written)) return { written: '', why: 'a body that is no base64' }
  return { written: Buffer.from(written, 'base64').toString('utf8') }
}

function isBinary(body: string): boolean {
  return /[\0\ufffd]/.test(body)
}

function multipart(
  type: string,
  params: readonly Readonly<Record<string, unknown>>[],
  written: string,
): HarBody {
  if (!/^multipart\/form-data\b/i.test(type)) return { why: 'a multipart body that is no form' }
  const parts = params.length > 0 ? params.map(partOf) : writtenParts(type, written)
  if (parts.length === 0 || parts.some(({ name }) => name === ''))
    return { why: 'a form whose parts cannot be told apart' }
  if (parts.some((part) => 'text' in part && isBinary(part.text))) return { why: 'a binary body' }
  const files = parts.flatMap((part) => ('file' in part ? [part.file] : []))
  return { body: { kind: 'multipart', parts }, files }
}

function partOf(param: Readonly<Record<string, unknown>>): FormPart {
  return formPart(text(param.name), {
    content: text(param.value),
    filename: text(param.fileName),
    type: text(param.contentType),
  })
}

/** A file that was sent keeps its last name alone: where it was on that machine is no matter of the recipe. */
function formPart(
  name: string,
  { content, filename, type }: { readonly content: string; readonly filename: string; readonly type: string },
): FormPart {
  const typed = type === '' ? {} : { type }
  const file = filename.split(/[/\\]/).at(-1) ?? ''
  return file === '' ? { name, text: content, ...typed } : { name, file, ...typed }
}

// The parts as they went out, each with its own headers: RFC 7578, 4.
function writtenParts(type: string, written: string): readonly FormPart[] {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? []
  const boundary = quoted ?? bare
  if (boundary === undefined) return []
  const [, ...sections] = `\r\n${written}`.split(`\r\n--${boundary}`)
  return sections.slice(0, -1).map((section) => {
    const [, headers = '', content = ''] = /^\s*?\r\n([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(section) ?? []
    const parameter = (wanted: string): string =>
      new RegExp(`^content-disposition:.*;\\s*${wanted}="([^"]*)"`, 'im')
        .exec(headers)?.[1]
        ?.replaceAll('%22', '"') ?? ''
    const [, contentType = ''] = /^content-type:(.*)$/im.exec(headers) ?? []
    return formPart(parameter('name'), { content, filename: parameter('filename'), type: contentType.trim() })
  })
}
