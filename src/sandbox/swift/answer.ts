import { STATUS_CODES } from 'node:http'
import type { Call, Header } from '../call.ts'
import type { Reply } from '../reply.ts'

const html = 'text/html; charset=UTF-8'

const sentences: Readonly<Record<number, string>> = {
  202: 'The request is accepted for processing.',
  301: 'The resource has moved permanently.',
  400: 'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  401: 'This server could not verify that you are authorized to access the document you requested.',
  403: 'Access was denied to this resource.',
  404: 'The resource could not be found.',
  405: 'The method is not allowed for this resource.',
  406: 'The resource is not available in a format acceptable to your browser.',
  409: 'There was a conflict when trying to complete your request.',
  412: 'A precondition for this request was not met.',
  413: 'The body of your request was too large for this server.',
  416: 'The Range requested is not available.',
  422: 'Unable to process the contained instructions',
  499: 'The client was disconnected during request.',
  507: 'There was not enough space to save the resource. Drive: memory',
}

/** Swift's page of a status. */
export function page(status: number, headers: readonly Header[] = []): Reply {
  const reason = reasonOf(status)
  return {
    status,
    reason,
    headers: [['Content-Type', html], ...headers],
    body: `<html><h1>${reason}</h1><p>${wordsOf(status)}</p></html>`,
  }
}

/** A 404 that Swift's middleware makes itself: of a HEAD its body is chunked, although it has none. */
export function notFound({ method }: Call): Reply {
  return { ...page(404), ...(method === 'HEAD' && { emptyChunked: true }) }
}

/** A status with an empty body. */
export function empty(status: number, headers: readonly Header[] = [], type = html): Reply {
  return { status, reason: reasonOf(status), headers: [['Content-Type', type], ...headers], body: '' }
}

/** A status with a text of its own; often it is labelled as HTML all the same. */
export function text(status: number, body: string, type = html): Reply {
  return { status, reason: reasonOf(status), headers: [['Content-Type', type]], body }
}

/** What the sandbox has not. */
export function notKnown(what: string): Reply {
  return text(501, `The sandbox does not know ${what}.`, 'text/plain')
}

/** What a status means, in Swift's words. */
export function wordsOf(status: number): string {
  return sentences[status] ?? ''
}

/** Swift's words for a status, where they are not Node's. */
export function reasonOf(status: number): string {
  const own: Readonly<Record<number, string>> = {
    413: 'Request Entity Too Large',
    416: 'Requested Range Not Satisfiable',
    499: 'Client Disconnect',
  }
  return own[status] ?? STATUS_CODES[status] ?? ''
}
