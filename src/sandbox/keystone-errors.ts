import type { Answer } from './answer.ts'
import { json } from './answer.ts'

/** An error of Keystone, in its own words. */
export class KeystoneError extends Error {
  readonly answer: Answer
  constructor(
    status: number,
    message: string,
    extra: Readonly<Record<string, unknown>> = {},
    headers: Answer['headers'] = [],
  ) {
    super(message)
    const [reason = '', title = ''] = titles[status] ?? []
    this.answer = json(status, { error: { code: status, ...extra, message, title } }, headers, reason)
  }
}

const titles: Readonly<Record<number, readonly [string, string]>> = {
  400: ['BAD REQUEST', 'Bad Request'],
  401: ['UNAUTHORIZED', 'Unauthorized'],
  403: ['FORBIDDEN', 'Forbidden'],
  404: ['NOT FOUND', 'Not Found'],
  409: ['CONFLICT', 'Conflict'],
}

const malformed =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'

/** A request that is not as Keystone wants it. */
export function badRequest(what: string): KeystoneError {
  return new KeystoneError(400, what.startsWith('Expecting') ? `${what} ${malformed}` : what)
}

/** The one answer for a wrong password, an unknown user, project or domain, and a missing role. */
export function unauthorized(
  message = 'The request you have made requires authentication.',
  extra: Readonly<Record<string, unknown>> = {},
): KeystoneError {
  return new KeystoneError(401, message, extra)
}

/** Asked without the right to. */
export function forbidden(action?: string): KeystoneError {
  return new KeystoneError(
    403,
    `You are not authorized to perform the requested action${action === undefined ? '.' : `: ${action}.`}`,
  )
}
