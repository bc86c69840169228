import type { Answer } from './answer.ts'

const texts: Readonly<Record<number, readonly [string, string]>> = {
  202: ['Accepted', 'The request is accepted for processing.'],
  400: [
    'Bad Request',
    'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  ],
  401: [
    'Unauthorized',
    'This server could not verify that you are authorized to access the document you requested.',
  ],
  403: ['Forbidden', 'Access was denied to this resource.'],
  404: ['Not Found', 'The resource could not be found.'],
  405: ['Method Not Allowed', 'The method is not allowed for this resource.'],
  409: ['Conflict', 'There was a conflict when trying to complete your request.'],
  412: ['Precondition Failed', 'A precondition for this request was not met.'],
  413: ['Request Entity Too Large', 'The body of your request was too large for this server.'],
  416: ['Requested Range Not Satisfiable', 'The Range requested is not available.'],
  422: ['Unprocessable Entity', 'Unable to process the contained instructions'],
  507: ['Insufficient Storage', 'There was not enough space to save the resource.'],
}

/** Swift's own page for a status. */
export function swiftPage(status: number, headers: Answer['headers'] = []): Answer {
  const [title, text] = texts[status] ?? ['Error', '']
  return {
    status,
    reason: title,
    headers: [['Content-Type', 'text/html; charset=UTF-8'], ...headers],
    body: `<html><h1>${title}</h1><p>${text}</p></html>`,
  }
}

/** A status with a sentence. */
export function swiftText(status: number, text: string, contentType = 'text/html; charset=UTF-8'): Answer {
  return { status, headers: [['Content-Type', contentType]], body: text }
}

/** A status without a body, as after a write. */
export function swiftEmpty(status: number, headers: Answer['headers'] = []): Answer {
  return { status, headers: [['Content-Type', 'text/html; charset=UTF-8'], ...headers], body: '' }
}
