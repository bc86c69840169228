import type { HeaderList } from '../model/exchange.ts'
import type { Position } from '../model/problem.ts'
import type { Note, Recorded, RecordedRequest, Source } from './conversation.ts'
import { importError, placeIn } from './place.ts'

/**
 * What `openstack --debug` and programs with keystoneauth's logs print. Each request is logged as a curl line whose
 * quotes are not escaped, so it is cut by its own order and not as a shell would: method, URL, headers, body. Requests
 * for tokens are not logged but announced. With split loggers, as openstacksdk has them, the name of the logger stands
 * where `REQ:` and `RESP:` do, or nothing at all.
 * https://opendev.org/openstack/keystoneauth/src/branch/master/keystoneauth1/session.py
 */
export const debugSource: Source = {
  name: 'debug',
  summary: 'the output of openstack --debug',
  recognises: (text) =>
    /(^|\s)REQ: curl -g -i /m.test(text) ||
    /keystoneauth1?\.session\.request\b.*?\scurl -g -i /.test(text) ||
    /^curl -g -i .*\r?\n\[\d{3}\] /m.test(text),
  read(source) {
    const recorded: Recorded[] = []
    const notes: Note[] = []
    let offset = 0
    for (const line of source.text.split('\n')) {
      const start = offset
      offset += line.length + 1
      const { kind, text = '', at = 0 } = loggedLine(line.replace(/\r$/, ''))
      const place = (length = line.length) => placeIn(source, start + at, length)
      if (kind === 'request') recorded.push({ ...readRequest(text, place()), at: place(4) })
      else if (kind === 'response') addAnswer(text, recorded)
      else if (kind === 'login') recorded.push({ kind: 'login', url: text.trim(), at: place(6) })
    }
    return { recorded, notes }
  },
}

/** What a line logs, and where that starts in it; a line of another kind has none. */
type LoggedLine = {
  readonly kind?: 'request' | 'response' | 'login'
  readonly text?: string
  readonly at?: number
}

const loggedLines = [
  ['request', /(?:^|\s)(?:REQ: |keystoneauth1?\.session\.request:? +)(.*)$/s],
  ['request', /^(?=curl -g -i )(.*)$/],
  ['response', /(?:^|\s)(?:RESP: |keystoneauth1?\.session\.response:? +)(.*)$/s],
  ['response', /^(?=\[\d{3}\] )(.*)$/],
  ['login', /(?:^|\s)Making authentication request to (.*)$/s],
] as const

// Bodies may hold anything, lines of logs as well.
const bodyLine = /^(?:\S+ ){0,5}(?:RESP BODY: |keystoneauth1?\.session\.body:? )|^\s*[{[]"/

function loggedLine(line: string): LoggedLine {
  if (bodyLine.test(line)) return {}
  for (const [kind, pattern] of loggedLines) {
    const found = pattern.exec(line)
    if (found) return { kind, text: found[1] ?? '', at: found.index + (/^\s/.test(found[0]) ? 1 : 0) }
  }
  return {}
}

const requestLine =
  /^curl -g -i(?: --insecure)?(?: --cert .*?)?(?: --cacert ".*?")? -X ([A-Za-z]+) ("[^"]*"|\S+)((?: -H ".*?"(?= -H "| -d '|$))*)(?: -d '(.*)')?$/

function readRequest(line: string, at: Position): Omit<RecordedRequest, 'at'> {
  const [whole, method = '', url = '', headers = '', body] = requestLine.exec(line) ?? []
  if (whole === undefined || !/^"?https?:\/\//.test(url))
    throw importError(
      at,
      'This request is not as keystoneauth logs it.',
      'The line may have been cut or wrapped: it has to stand on one line.',
    )
  if (body === '<binary_data>')
    throw importError(
      at,
      'The body of this request is binary, and keystoneauth does not log it.',
      'Leave the line out, and write the request into the recipe with `file:`.',
    )
  return {
    kind: 'request',
    method: method.toUpperCase(),
    url: url.replace(/^"|"$/g, ''),
    headers: headersOf(headers).filter(([name]) => !/^user-agent$/i.test(name)),
    ...(body !== undefined && body !== '' && { body: { kind: 'text', text: body } }),
  }
}

function headersOf(text: string): HeaderList {
  return text
    .split(/(?:^|(?<=")) -H "/)
    .slice(1)
    .map((part) => {
      const line = part.replace(/"$/, '')
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2)] as const
    })
}

// The headers of an answer stand in one line without quotes; a name and its colon start the next.
function addAnswer(text: string, recorded: Recorded[]): void {
  const last = recorded.at(-1)
  const [, status, headers = ''] = /^\[(\d{3})\]\s*(.*)$/s.exec(text) ?? []
  if (status === undefined || last?.kind !== 'request' || last.answer !== undefined) return
  const found = [...headers.matchAll(/(?:^|\s)([A-Za-z][\w-]*): (.*?)(?=\s[A-Za-z][\w-]*: |$)/g)]
  const answer = {
    status: Number(status),
    headers: found.map(([, name = '', value = '']) => [name, value] as const),
  }
  recorded[recorded.length - 1] = { ...last, answer }
}
