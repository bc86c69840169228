import { basename } from 'node:path'
import type { HttpRequest } from '../../model/exchange.ts'
import { partLine } from '../send/exchange-record.ts'
import type { RequestRecord } from './recording.ts'
import { isRecorded } from './stand-in.ts'

/** A request as a recording keeps it. Files go by their names, so that a recipe may be replayed in another folder. */
export function toRecordedRequest({ method, url, headers, body }: HttpRequest): RequestRecord {
  return { method, url, headers, ...(body && { body: bodyText(body) }) }
}

/** Whether the recorded request asks for the same: method, URL and body count, headers do not. */
export function isSameRequest(recorded: RequestRecord, asked: RequestRecord): boolean {
  return (
    recorded.method === asked.method &&
    isRecorded(recorded.url, asked.url) &&
    isRecorded(recorded.body, asked.body)
  )
}

function bodyText(body: NonNullable<HttpRequest['body']>): string {
  switch (body.kind) {
    case 'text':
      return body.text
    case 'file':
      return `@${basename(body.path)}`
    case 'multipart':
      return body.parts
        .map((part) => partLine('file' in part ? { ...part, file: basename(part.file) } : part))
        .join('\n')
    default:
      return body satisfies never
  }
}
