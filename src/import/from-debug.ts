import type { HeaderList } from '../model/exchange.ts'
import type { Note, Recorded, RecordedRequest, Source } from './conversation.ts'
import { importError, placeIn } from './place.ts'

/**
 * What `openstack --debug` prints. keystoneauth logs each request as a curl line whose quotes are not escaped,
 * so it is cut by its own order and not as a shell would: method, URL, headers, body. Requests for tokens are
 * not logged but announced.
 * https://opendev.org/openstack/keystoneauth/src/branch/master/keystoneauth1/session.py
 */
export const debugSource: Source = {
  name: 'debug',
  summary: 'the output of openstack --debug',
  recognises: (text) => /(^|\s)REQ: curl -g -i /m.test(text),
  read(source) {
    const recorded: Recorded[] = []
    const notes: Note[] = []
    let offset = 0
    for (const line of source.text.split('\n')) {
      const start = offset
      offset += line.length + 1
      const [, sign = '', rest = ''] =
        /(?:^|\s)(REQ: |RESP: |Making authentication request to )(.*)$/.exec(line.replace(/\r$/, '')) ?? []
      if (sign === '') continue
      const place = (length = line.length) => placeIn(source, start + line.indexOf(sign), length)
      if (sign === 'REQ: ') {
        const request = readRequest(rest)
        if (request === undefined)
          throw importError(
            place(),
            'This REQ line is not as keystoneauth writes it.',
            'It may have been cut.',
          )
        recorded.push({ ...request, at: place(4) })
      } else if (sign === 'RESP: ') addAnswer(rest, recorded)
      else recorded.push({ kind: 'login', url: rest.trim(), at: place(6) })
    }
    return { recorded, notes }
  },
}

const requestLine =
  /^curl -g -i(?: --insecure)?(?: --cert .*?)?(?: --cacert ".*?")? -X ([A-Za-z]+) ("[^"]*"|\S+)((?: -H ".*?"(?= -H "| -d '|$))*)(?: -d '(.*)')?$/

function readRequest(line: string): Omit<RecordedRequest, 'at'> | undefined {
  const [whole, method = '', url = '', headers = '', body] = requestLine.exec(line) ?? []
  if (whole === undefined || !/^"?https?:\/\//.test(url) || body === '<binary_data>') return undefined
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
  const [, status, headers = ''] = /^\[(\d{3})\]\s*(.*)$/.exec(text) ?? []
  if (status === undefined || last?.kind !== 'request' || last.answer !== undefined) return
  const found = [...headers.matchAll(/(?:^|\s)([A-Za-z][\w-]*): (.*?)(?=\s[A-Za-z][\w-]*: |$)/g)]
  const answer = {
    status: Number(status),
    headers: found.map(([, name = '', value = '']) => [name, value] as const),
  }
  recorded[recorded.length - 1] = { ...last, answer }
}
