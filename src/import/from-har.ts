import type { HeaderList } from '../model/exchange.ts'
import type { Note, Recorded, RecordedBody, RecordedRequest, Source, SourceText } from './conversation.ts'
import { importError, placeIn } from './place.ts'

/** A HAR 1.2 file of a browser or a proxy. http://www.softwareishard.com/blog/har-12-spec/ */
export const harSource: Source = {
  name: 'har',
  summary: 'a HAR file',
  recognises: (text) => /^\s*\{/.test(text) && /"log"\s*:/.test(text.slice(0, 10_000)),
  read(source) {
    const entries = entriesOf(source)
    const recorded: Recorded[] = []
    const notes: Note[] = []
    let left = 0
    for (const [index, entry] of entries.entries()) {
      const one = fields(entry)
      const asked = fields(one.request)
      const headers = headersOf(asked.headers)
      if (isForPage(one, asked, headers)) {
        left++
        continue
      }
      recorded.push(readEntry({ source, index, one, asked, headers }))
    }
    if (left > 0)
      notes.push({ message: `${left} requests for pages, scripts, pictures and the like are left out.` })
    return { recorded, notes }
  },
}

function entriesOf(source: SourceText): readonly unknown[] {
  let data: unknown
  try {
    data = JSON.parse(source.text)
  } catch (cause) {
    const offset = Number(/position (\d+)/.exec(String(cause))?.[1] ?? source.text.length)
    throw importError(placeIn(source, offset), 'The HAR file is no JSON.', 'It may have been cut.')
  }
  const { entries } = fields(fields(data).log)
  if (Array.isArray(entries)) return entries
  throw importError(placeIn(source, 0), 'This JSON is no HAR file: it has no log.entries.')
}

/** What a browser fetches to show a page, or asks before a request of another origin. */
function isForPage(
  entry: Readonly<Record<string, unknown>>,
  asked: Readonly<Record<string, unknown>>,
  headers: HeaderList,
): boolean {
  if (asked.method === 'OPTIONS' && hasHeader(headers, 'Access-Control-Request-Method')) return true
  if (!/^https?:/i.test(text(asked.url))) return true
  if (hasHeader(headers, 'X-Auth-Token')) return false
  const type = text(fields(fields(entry.response).content).mimeType)
  return (
    /^(document|stylesheet|script|image|font|media|manifest|preflight|ping)$/.test(
      text(entry._resourceType),
    ) || /^(image|font|video|audio)\/|text\/(html|css)|javascript/.test(type)
  )
}

type Entry = {
  readonly source: SourceText
  readonly index: number
  readonly one: Readonly<Record<string, unknown>>
  readonly asked: Readonly<Record<string, unknown>>
  readonly headers: HeaderList
}

function readEntry({ source, index, one, asked, headers }: Entry): RecordedRequest {
  const place = () => placeIn(source, entryOffset(source.text, index))
  const method = text(asked.method).toUpperCase()
  if (!/^[A-Z]+$/.test(method) || !URL.canParse(text(asked.url)))
    throw importError(place(), `Entry ${index} of the HAR file has no method and URL that can be sent.`)
  const posted = fields(asked.postData)
  const body = bodyOf(posted, headers, () => place(), index)
  const status = Number(fields(one.response).status)
  const answer = { status, headers: headersOf(fields(one.response).headers) }
  return {
    kind: 'request',
    method,
    url: text(asked.url).replace(/#.*$/, ''),
    headers: headers.filter(([name]) => !ofBrowser.test(name)),
    ...(body && { body }),
    // Browsers write 0 for a request that was never answered.
    ...(status >= 100 && { answer }),
    at: source.text.length > 1_000_000 ? { file: source.file, line: 1, column: 1 } : place(),
  }
}

// What a browser or HTTP itself adds; nobody who writes to an API does.
const ofBrowser =
  /^(:.*|host|content-length|connection|keep-alive|proxy-connection|transfer-encoding|te|trailer|upgrade|expect|user-agent|accept-encoding|accept-language|origin|referer|dnt|pragma|cache-control|priority|upgrade-insecure-requests|sec-.*)$/i

function bodyOf(
  posted: Readonly<Record<string, unknown>>,
  headers: HeaderList,
  place: () => ReturnType<typeof placeIn>,
  index: number,
): RecordedBody | undefined {
  const type = text(posted.mimeType) || (headers.find(([name]) => /^content-type$/i.test(name))?.[1] ?? '')
  if (/^multipart\//i.test(type))
    throw importError(
      place(),
      `Entry ${index} of the HAR file has a multipart body, which a recipe cannot hold.`,
    )
  const written = text(posted.text)
  if (written !== '') {
    const bytes = posted.encoding === 'base64' ? Buffer.from(written, 'base64') : undefined
    const body = bytes === undefined ? written : bytes.toString('utf8')
    if (/[\0\ufffd]/.test(body))
      throw importError(
        place(),
        `Entry ${index} of the HAR file has a binary body, which a recipe cannot hold.`,
      )
    return { kind: 'text', text: body }
  }
  if (!Array.isArray(posted.params) || posted.params.length === 0) return undefined
  const form = new URLSearchParams()
  for (const param of posted.params) form.append(text(fields(param).name), text(fields(param).value))
  return { kind: 'text', text: form.toString() }
}

function headersOf(list: unknown): HeaderList {
  return (Array.isArray(list) ? list : []).map(
    (header) => [text(fields(header).name), text(fields(header).value)] as const,
  )
}

function hasHeader(headers: HeaderList, wanted: string): boolean {
  return headers.some(([name]) => name.toLowerCase() === wanted.toLowerCase())
}

/** Where the entry with this number starts: braces and brackets are counted, texts passed over. */
function entryOffset(source: string, wanted: number): number {
  const list = /"entries"\s*:\s*\[/.exec(source)
  if (list === null) return 0
  let depth = 0
  let number = 0
  const token = /"(?:[^"\\]|\\.)*"|[[\]{}]/g
  token.lastIndex = list.index + list[0].length
  for (let found = token.exec(source); found !== null; found = token.exec(source)) {
    if (/^[{[]/.test(found[0])) {
      if (depth++ === 0 && number++ === wanted) return found.index
    } else if (/^[}\]]/.test(found[0]) && --depth < 0) break
  }
  return list.index
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.replace(/[\ufdd0\ufdd1]/g, '\ufffd') : ''
}
