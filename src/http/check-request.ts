import type { FormPart, HttpRequest } from '../model/exchange.ts'
import { phrase } from '../model/phrase.ts'
import { OsrunError } from '../model/problem.ts'
import { remembered } from '../util/remembered.ts'

/** Refuses, with `URL_INVALID`, what must not or cannot go out; gives the request's URL. Every transport asks it first. */
export function checkRequest(request: HttpRequest): URL {
  const url = checkedUrl(request.url)
  for (const [name, value] of request.headers) {
    checkName(name)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break would start another header
    if (/[\u0000-\u0008\u000a-\u001f\u007f]|\p{Surrogate}/u.test(value))
      throw new OsrunError(
        'URL_INVALID',
        phrase`The value of the header ${name} has a character that cannot be sent.`,
        {
          hint: phrase`Line breaks and other control characters cannot be sent; percent-encode them where the server decodes that.`,
        },
      )
  }
  checkHost(request.headers)
  checkLength(request)
  if (request.body?.kind === 'multipart') for (const part of request.body.parts) checkPart(part)
  return url
}

const bad = (message: string): OsrunError => new OsrunError('URL_INVALID', message)

const checkedUrl = remembered((text) => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get into a request line
  if (!URL.canParse(text) || /[\u0000-\u0020\u007f]/.test(text))
    throw bad(`"${text}" is no URL that can be sent.`)
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol)) throw bad(`A request goes to http or https, not to ${url.protocol}`)
  // URL finds a host behind any number of slashes; what is sent is found behind two.
  if (!/^https?:\/\/[^/?#\\]/i.test(text)) throw bad(`"${text}" has no host after its //.`)
  return url
})

const checkName = remembered((name) => {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw bad(`"${name}" is no name for a header.`)
  if (unsupported.test(name)) throw bad(`The header ${name} is not supported: it is about the connection.`)
  return true
})

// One that is not the URL's asks for a site by its name; it stays with the host that it was sent to.
function checkHost(headers: HttpRequest['headers']): void {
  const [host, other] = headers.filter(([name]) => /^host$/i.test(name)).map(([, value]) => value)
  if (other !== undefined) throw new OsrunError('URL_INVALID', phrase`A request has one Host.`)
  if (host !== undefined && !/^[^\s/?#@\\,]+$/.test(host))
    throw new OsrunError('URL_INVALID', phrase`"${host}" is not a valid Host.`)
}

// The length is osrun's own to say; another one would break the connection.
function checkLength({ headers, body }: HttpRequest): void {
  for (const [name, value] of headers) {
    if (!/^content-length$/i.test(name)) continue
    const length = body === undefined ? 0 : body.kind === 'text' ? Buffer.byteLength(body.text) : undefined
    if (value.trim() === String(length)) continue
    throw new OsrunError(
      'URL_INVALID',
      length === undefined
        ? phrase`A request with a file has no Content-Length of its own.`
        : phrase`The Content-Length is ${value.trim()}, and the body has ${length} bytes.`,
      { hint: phrase`Leave the header out: osrun sends the right one.` },
    )
  }
}

// What curl cannot be told, or would take for something else.
function checkPart(part: FormPart): void {
  if (!/^[^=\0]+$/.test(part.name)) throw bad(`"${part.name}" is no name for a part of a form.`)
  if (part.type !== undefined && !/^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*$/.test(part.type))
    throw bad(`"${part.type}" is no media type.`)
  if ('text' in part && part.text.includes('\0'))
    throw bad(`The part "${part.name}" of the form has a NUL character, which only a file can hold.`)
}

// They are about the connection, which belongs to the transport.
const unsupported = /^(expect|transfer-encoding|keep-alive|upgrade)$/i
