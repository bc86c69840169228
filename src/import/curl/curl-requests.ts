import type { Position } from '../../model/problem.ts'
import type { RecordedBody, RecordedRequest, ShellWord } from '../conversation.ts'
import { importError } from '../place.ts'
import { basic } from './curl-option-values.ts'
import type { CurlSettings } from './curl-settings.ts'
import { curlUrl } from './curl-url.ts'

/**
 * The requests that settings make: one for each URL.
 *
 * @throws OsrunError IMPORT_INVALID without a URL
 */
export function requestsOf(settings: CurlSettings, { at }: ShellWord): readonly RecordedRequest[] {
  if (settings.urls.length === 0)
    throw importError(
      at,
      'This curl has no URL.',
      settings.hasConfig
        ? 'A file of options is not read: write on the command line what is in it.'
        : undefined,
    )
  return settings.urls.flatMap((word, index) =>
    request(settings, word, { at, output: settings.outputs[index], named: index < settings.outputs.length }),
  )
}

function request(
  settings: CurlSettings,
  word: ShellWord,
  to: { readonly at: Position; readonly output: string | undefined; readonly named: boolean },
): RecordedRequest {
  const { method, head, get, upload, maxTime } = settings
  const body = bodyOf(settings)
  if (body?.kind === 'multipart' && (settings.json || settings.isForm || settings.upload || head))
    throw importError(to.at, 'curl sends a form of -F or another body, not both.')
  const query = [...settings.query, ...(get && body?.kind === 'text' ? [body.text] : [])]
  const { url, user } = curlUrl(word, {
    query,
    globoff: settings.globoff,
    asIs: settings.asIs,
    upload: upload?.kind === 'file' ? upload.path : undefined,
  })
  const sent = upload ?? (get ? undefined : body)
  // -X GET with -I sends a GET whose body curl then leaves lying; HEAD is what was meant.
  const made =
    head && (method === undefined || method === 'GET')
      ? 'HEAD'
      : (method ?? (upload ? 'PUT' : sent ? 'POST' : 'GET'))
  const saveTo =
    to.named && to.output !== '/dev/null' && to.output !== '-' ? (to.output ?? lastPart(url)) : ''
  return {
    kind: 'request',
    method: made,
    url,
    headers: headersOf(settings, sent, user),
    ...(sent && !(sent.kind === 'text' && sent.text === '') && { body: sent }),
    ...(saveTo !== '' && made !== 'HEAD' && { saveTo }),
    ...(maxTime !== undefined && Number.isFinite(maxTime) && maxTime > 0 && { maxTime }),
    at: to.at,
  }
}

function bodyOf({ data, file, json, isForm, parts }: CurlSettings): RecordedBody | undefined {
  if (parts.length > 0) return { kind: 'multipart', parts }
  if (file !== undefined) return { kind: 'file', path: file }
  if (!json && !isForm) return undefined
  return { kind: 'text', text: data.join(json ? '' : '&') }
}

function headersOf(
  { headers, removed, json, isForm, upload }: CurlSettings,
  body: RecordedBody | undefined,
  user: string | undefined,
): RecordedRequest['headers'] {
  const own: [string, string][] = []
  if (json) own.push(['Content-Type', 'application/json'], ['Accept', 'application/json'])
  else if (isForm && body !== undefined && upload === undefined)
    own.push(['Content-Type', 'application/x-www-form-urlencoded'])
  if (user !== undefined) own.push(['Authorization', basic(user)])
  const given = new Set(headers.map(([name]) => name.toLowerCase()))
  return [
    ...headers,
    ...own.filter(([name]) => !given.has(name.toLowerCase()) && !removed.has(name.toLowerCase())),
  ]
}

function lastPart(url: string): string {
  const path = url.replace(/[?#].*$/s, '')
  return path.slice(path.lastIndexOf('/') + 1)
}
