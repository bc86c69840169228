import type { HeaderList } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import type { Position } from '../../model/problem.ts'
import type { Note, Recorded, RecordedRequest, Source, SourceText } from '../conversation.ts'
import { importError, placeIn } from '../place.ts'
import { harBody } from './har-body.ts'
import { entryPlaces } from './har-entries.ts'
import { fields, text } from './har-fields.ts'
import { jsonFault } from './json-fault.ts'

/** A HAR 1.2 file of a browser or a proxy. http://www.softwareishard.com/blog/har-12-spec/ */
export const harSource: Source = {
  name: 'har',
  summary: 'a HAR file',
  recognises: (text) => /^\s*\{/.test(text) && /"log"\s*:/.test(text.slice(0, 10_000)),
  read(source) {
    const entries = entriesOf(source)
    const places = entryPlaces(source)
    const recorded: Recorded[] = []
    const notes: Note[] = []
    let left = 0
    for (const [index, one] of entries.entries()) {
      const entry = { one: fields(one), number: index + 1, at: places[index] ?? placeIn(source, 0) }
      if (isForPage(entry)) left++
      else recorded.push(readEntry(entry, notes))
    }
    if (left > 0)
      notes.push({
        message: `Left out: ${left} ${left === 1 ? 'request' : 'requests'} for pages, scripts, pictures and the like.`,
      })
    return { recorded, notes }
  },
}

/** An entry, counted from 1. */
type Entry = { readonly one: Fields; readonly number: number; readonly at: Position }

type Fields = Readonly<Record<string, unknown>>

function entriesOf(source: SourceText): readonly unknown[] {
  let data: unknown
  try {
    data = JSON.parse(source.text)
  } catch (cause) {
    const [, position] = /position (\d+)/.exec(String(cause)) ?? []
    const offset = position === undefined ? jsonFault(source.text) : Number(position)
    const isCut = source.text.slice(offset).trim() === ''
    throw importError(
      placeIn(source, offset),
      'The HAR file is no JSON from here on.',
      isCut ? 'It may have been cut.' : undefined,
    )
  }
  const { entries } = fields(fields(data).log)
  if (Array.isArray(entries)) return entries
  throw importError(placeIn(source, 0), 'This JSON is no HAR file: it has no log.entries.')
}

/** Whether a browser fetched it to show a page, or asked before a request of another origin. */
function isForPage({ one, number, at }: Entry): boolean {
  const asked = fields(one.request)
  const url = text(asked.url)
  if (url === '') throw importError(at, `Entry ${number} of the HAR file has no request with a URL.`)
  const headers = headersOf(asked.headers)
  if (asked.method === 'OPTIONS' && headerOf(headers, 'Access-Control-Request-Method') !== undefined)
    return true
  // Pages have data:, blob: and wss: too.
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) && !/^https?:/i.test(url)) return true
  if (headerOf(headers, 'X-Auth-Token') !== undefined) return false
  const type = text(fields(fields(one.response).content).mimeType)
  return (
    /^(document|stylesheet|script|image|font|media|manifest|preflight|ping)$/.test(text(one._resourceType)) ||
    /^(image|font|video|audio)\/|text\/(html|css)|javascript/.test(type)
  )
}

function readEntry({ one, number, at }: Entry, notes: Note[]): RecordedRequest {
  const refused = (has: string, hint?: string): Error =>
    importError(at, `Entry ${number} of the HAR file has ${has}.`, hint)
  const asked = fields(one.request)
  const method = text(asked.method).toUpperCase()
  if (!/^[A-Z]+$/.test(method)) throw refused('no method that can be sent')
  const url = text(asked.url).replace(/#.*$/s, '')
  if (!/^https?:/i.test(url) || !URL.canParse(url)) throw refused('no URL that can be sent')
  const headers = headersOf(asked.headers).filter(([name]) => !ofBrowser.test(name))
  for (const [name, value] of headers)
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[\0\r\n]/.test(value))
      throw refused('a header that cannot be sent: it has no proper name, or more than one line')
  const { body, why, files = [] } = harBody(asked.postData, headerOf(headers, 'Content-Type') ?? '')
  if (why !== undefined)
    throw refused(
      `${why}, which a recipe cannot hold`,
      'Take the entry out, and write the request into the recipe with `file:`.',
    )
  for (const file of files)
    notes.push({ message: `The file "${file}" is not in a HAR file: put it into the recipe's folder.`, at })
  const status = Number(fields(one.response).status)
  const answer = { status, headers: headersOf(fields(one.response).headers) }
  return {
    kind: 'request',
    method,
    url,
    headers,
    ...(body && { body }),
    // Browsers write 0 for a request that was never answered.
    ...(status >= 100 && { answer }),
    at,
  }
}

// What a browser or HTTP itself adds, and the lines of HTTP/2 that start with a colon; nobody who writes to an API does.
const ofBrowser =
  /^(:.*|host|content-length|connection|keep-alive|proxy-connection|transfer-encoding|te|trailer|upgrade|expect|user-agent|accept-encoding|accept-language|origin|referer|dnt|pragma|cache-control|priority|upgrade-insecure-requests|sec-.*)$/i

// A line that goes on after a line break and a blank was folded, which means one blank: RFC 9112, 5.2.
function headersOf(list: unknown): HeaderList {
  return (Array.isArray(list) ? list : []).map(fields).map(
    ({ name, value }) =>
      [
        text(name),
        text(value)
          .replace(/\r?\n[ \t]+/g, ' ')
          .trim(),
      ] as const,
  )
}
