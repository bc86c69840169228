import type { Position } from '../model/problem.ts'
import type { Note, RecordedBody, RecordedRequest, ShellWord } from './conversation.ts'
import { curlOption, longName, nearestOption, whyIgnored } from './curl-options.ts'
import { curlUrl } from './curl-url.ts'
import { importError } from './place.ts'
import { wholeReference } from './reference.ts'

/** What a curl command line asks for, and what of it osrun does not take. */
type Commanded = { readonly requests: readonly RecordedRequest[]; readonly notes: readonly Note[] }

/** The state of one command between two `--next`. */
type Settings = {
  method?: string
  readonly urls: ShellWord[]
  readonly headers: [name: string, value: string][]
  readonly removed: Set<string>
  readonly data: string[]
  readonly query: string[]
  file?: string
  /** What -T sends: a file, or the text on standard input. */
  upload?: RecordedBody
  json: boolean
  isForm: boolean
  head: boolean
  get: boolean
  globoff: boolean
  asIs: boolean
  readonly outputs: (string | undefined)[]
  maxTime?: number
}

/**
 * Reads a curl command line as curl does: combined letters, attached values, several URLs, `--next`.
 * https://curl.se/docs/manpage.html
 *
 * @param words what follows `curl`
 * @param stdin what `@-` reads; undefined when that is not known
 * @throws OsrunError IMPORT_INVALID with the place of the word that cannot be understood
 */
export function readCurl(command: ShellWord, words: readonly ShellWord[], stdin?: string): Commanded {
  const notes: Note[] = []
  const requests: RecordedRequest[] = []
  let settings = fresh()
  let onlyUrls = false
  for (let index = 0; index < words.length; index++) {
    const word = words[index]
    if (word === undefined) break
    if (onlyUrls || !/^-./.test(word.text)) settings.urls.push(word)
    else if (word.text === '--') onlyUrls = true
    else
      for (const { name, value, takesValue } of optionsOf(word)) {
        if (name === 'next') {
          requests.push(...finish(settings, command))
          settings = fresh()
          continue
        }
        if (!takesValue) flag(name, settings, word, notes)
        else {
          const given: ShellWord | undefined =
            value === undefined ? words[++index] : { text: value, at: word.at }
          if (given === undefined) throw importError(word.at, `--${name} needs a value, and none follows.`)
          option(name, given, { settings, stdin, notes })
        }
      }
  }
  requests.push(...finish(settings, command))
  if (settings.head && settings.method === 'GET')
    notes.push({
      message: 'curl -X GET -I sends a GET and leaves its body lying; the recipe sends a HEAD.',
      at: command.at,
    })
  return { requests, notes }
}

function fresh(): Settings {
  return {
    urls: [],
    headers: [],
    removed: new Set(),
    data: [],
    query: [],
    json: false,
    isForm: false,
    head: false,
    get: false,
    globoff: false,
    asIs: false,
    outputs: [],
  }
}

type Option = { readonly name: string; readonly takesValue: boolean; readonly value?: string }

function optionsOf({ text, at }: ShellWord): readonly Option[] {
  if (text.startsWith('--')) {
    const equals = text.indexOf('=')
    const name = text.slice(2, equals < 0 ? undefined : equals)
    const { takesValue, known } = curlOption(name)
    if (!known) throw unknown(`--${name}`, nearestOption(name), at)
    return [{ name, takesValue, ...(takesValue && equals >= 0 && { value: text.slice(equals + 1) }) }]
  }
  const options: Option[] = []
  for (let index = 1; index < text.length; index++) {
    const name = longName(text[index] ?? '')
    if (name === undefined) throw unknown(`-${text[index]}`, nearestOption(text.slice(1)), at)
    const { takesValue } = curlOption(name)
    const rest = text.slice(index + 1)
    options.push({ name, takesValue, ...(takesValue && rest !== '' && { value: rest }) })
    if (takesValue) break
  }
  return options
}

function unknown(option: string, near: string | undefined, at: Position): Error {
  const hint = near === undefined ? '`curl --help all` lists what there is.' : `Did you mean --${near}?`
  return importError(at, `curl has no option ${option}.`, hint)
}

function flag(name: string, settings: Settings, { at }: ShellWord, notes: Note[]): void {
  if (name === 'head') settings.head = true
  else if (name === 'get') settings.get = true
  else if (name === 'globoff') settings.globoff = true
  else if (name === 'path-as-is') settings.asIs = true
  else if (name === 'remote-name') settings.outputs.push(undefined)
  else {
    const why = whyIgnored(name)
    if (why !== undefined) notes.push({ message: `curl's --${name} is left out: ${why}.`, at })
  }
}

type Surroundings = {
  readonly settings: Settings
  readonly stdin: string | undefined
  readonly notes: Note[]
}

function option(name: string, { text, at }: ShellWord, around: Surroundings): void {
  const { settings, stdin, notes } = around
  switch (name) {
    case 'request':
      if (!/^[A-Za-z]+$/.test(text)) throw importError(at, 'A method of a recipe is made of letters.')
      settings.method = text.toUpperCase()
      return
    case 'url':
      settings.urls.push({ text, at })
      return
    case 'header':
      addHeader(text, at, settings)
      return
    case 'user-agent':
      settings.headers.push(['User-Agent', text])
      return
    case 'referer':
      settings.headers.push(['Referer', text.replace(/;auto$/, '')])
      return
    case 'range':
      settings.headers.push(['Range', `bytes=${text}`])
      return
    case 'user':
      settings.headers.push(['Authorization', basic(text)])
      return
    case 'oauth2-bearer':
      settings.headers.push(['Authorization', `Bearer ${text}`])
      return
    case 'cookie':
      if (text.includes('=')) settings.headers.push(['Cookie', text])
      else notes.push({ message: "curl's --cookie is left out: a file of cookies is not read.", at })
      return
    case 'upload-file':
      if (!/^[-.]$/.test(text)) settings.upload = { kind: 'file', path: text }
      else settings.upload = { kind: 'text', text: known(stdin, at) }
      return
    case 'url-query':
      settings.query.push(text.startsWith('+') ? text.slice(1) : urlEncoded(text, at))
      return
    case 'output':
      settings.outputs.push(text)
      return
    case 'max-time':
      settings.maxTime = Number(text)
      return
    case 'form':
    case 'form-string':
      throw importError(
        at,
        `curl's --${name} makes a multipart body, which a recipe cannot hold.`,
        'Send the file itself with -T, or leave this command out.',
      )
    default:
      if (/^(json|data.*)$/.test(name)) addData(name, { text, at }, around)
      else {
        const why = whyIgnored(name)
        if (why !== undefined) notes.push({ message: `curl's --${name} is left out: ${why}.`, at })
      }
  }
}

function addHeader(text: string, at: Position, { headers, removed }: Settings): void {
  if (text.startsWith('@')) throw importError(at, 'A file of headers is not read.', 'Write them with -H.')
  if (/[\r\n]/.test(text.replace(/[\r\n]+$/, '')))
    throw importError(at, 'A header has more than one line.', 'Give each its own -H.')
  const line = text.replace(/[\r\n]+$/, '')
  const [, name, mark, value = ''] = /^([^:;\s]+)\s*([:;])([\s\S]*)$/.exec(line) ?? []
  if (name === undefined || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    throw importError(at, 'A header is a name, a colon and a value.')
  if (mark === ';') headers.push([name, ''])
  else if (value.trim() === '') removed.add(name.toLowerCase())
  else headers.push([name, value.trim()])
}

function basic(text: string): string {
  const isOpen = wholeReference(text) !== undefined || text.includes('\ufdd0')
  return `Basic ${isOpen ? text : Buffer.from(text, 'utf8').toString('base64')}`
}

function addData(name: string, { text, at }: ShellWord, { settings, stdin }: Surroundings): void {
  if (name === 'json') settings.json = true
  else settings.isForm = true
  if (name === 'data-urlencode') {
    settings.data.push(urlEncoded(text, at))
    return
  }
  if (name === 'data-raw' || !text.startsWith('@')) {
    settings.data.push(text)
    return
  }
  if (text !== '@-') {
    if (settings.data.length > 0) throw importError(at, 'A body is a text or one file, not both.')
    settings.file = text.slice(1)
    return
  }
  const read = known(stdin, at)
  // -d and --data take line breaks out of what they read; --data-binary and --json do not.
  settings.data.push(/^data(-ascii)?$/.test(name) ? read.replace(/[\r\n\0]/g, '') : read)
}

function known(stdin: string | undefined, at: Position): string {
  if (stdin !== undefined) return stdin
  throw importError(at, 'The body comes from standard input, and what goes in there is not known.')
}

// `content`, `=content`, `name=content`; curl encodes the content alone.
function urlEncoded(text: string, at: Position): string {
  const [, name = '', mark = '', content = text] = /^([^=@]*)([=@])([\s\S]*)$/.exec(text) ?? []
  if (mark === '@') throw importError(at, 'A file cannot be percent-encoded here: it is not read.')
  const encoded = encodeURIComponent(content.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%EF%B7%90', '\ufdd0')
    .replaceAll('%EF%B7%91', '\ufdd1')
  return name === '' ? encoded : `${name}=${encoded}`
}

function finish(settings: Settings, { at }: ShellWord): readonly RecordedRequest[] {
  if (settings.urls.length === 0) throw importError(at, 'This curl has no URL.')
  return settings.urls.flatMap((word, index) =>
    request(settings, word, { at, output: settings.outputs[index], named: index < settings.outputs.length }),
  )
}

function request(
  settings: Settings,
  word: ShellWord,
  to: { readonly at: Position; readonly output: string | undefined; readonly named: boolean },
): RecordedRequest {
  const { method, head, get, upload, maxTime } = settings
  const body = bodyOf(settings)
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

function bodyOf({ data, file, json, isForm }: Settings): RecordedBody | undefined {
  if (file !== undefined) return { kind: 'file', path: file }
  if (!json && !isForm) return undefined
  return { kind: 'text', text: data.join(json ? '' : '&') }
}

function headersOf(
  { headers, removed, json, isForm, upload }: Settings,
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
  return /([^/?#]*)(?:[?#].*)?$/.exec(url)?.[1] ?? ''
}
