import type { Header } from '../call.ts'

const malformed =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  501: 'Not Implemented',
}

/** Ends a call to the small Keystone with an error; it never leaves the sandbox. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  /** What stands in `error` besides code, message and title. */
  readonly identity: object | undefined
  readonly headers: readonly Header[]

  constructor(
    status: number,
    message: string,
    more: { readonly identity?: object; readonly headers?: readonly Header[] } = {},
  ) {
    super(message)
    this.status = status
    this.identity = more.identity
    this.headers = more.headers ?? []
  }

  /** The body: keys sorted, nothing between them, and a line break at the end. */
  get body(): string {
    const { status: code, identity, message } = this
    return `${JSON.stringify({ error: { code, ...(identity && { identity }), message, title: titles[code] ?? 'Error' } })}\n`
  }
}

/** 400: something is missing in a body. */
export function missing(what: string, where: string): Refusal {
  return new Refusal(400, `Expecting to find ${what} in ${where}. ${malformed}`)
}

/** 400: a time is none. */
export function noTime(): Refusal {
  return new Refusal(400, `Timestamp not in expected format. ${malformed}`)
}

/** 401, with the one text for all that can be wrong. */
export function unauthorized(): Refusal {
  return new Refusal(401, 'The request you have made requires authentication.')
}

/** 403, naming the policy rule that refuses, or nothing. */
export function forbidden(action?: string): Refusal {
  return new Refusal(
    403,
    `You are not authorized to perform the requested action${action === undefined ? '' : `: ${action}`}.`,
  )
}

/** 501: the real Keystone has it, the sandbox has not. */
export function notKnown(what: string): Refusal {
  return new Refusal(501, `The sandbox does not know ${what}.`)
}
