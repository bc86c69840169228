import type { ExchangeRecord, ShownBody } from '../../model/event.ts'
import type { FormPart, HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { cloudSentences } from '../../model/phrase.ts'
import type { Problem } from '../../model/problem.ts'
import { cloudMessage, requestIdOf } from '../../openstack/error-envelope.ts'
import { hiddenAt } from '../../secrets/rules.ts'
import { shortened } from '../../util/text/shortened.ts'

/** The longest body whose text an event carries, in bytes: all of it is masked before it is cut. */
const longestBody = 8 * 1024 * 1024

/** The longest text of a body that an event carries, in characters. */
const longestText = 64 * 1024

/** One exchange as an event tells it. `mask` is applied before text is cut, so that no half of a secret stays. */
export function toExchangeRecord(
  request: HttpRequest,
  outcome: { readonly response: HttpResponse } | { readonly problem: Problem; readonly duration: number },
  mask: (text: string) => string,
): ExchangeRecord {
  const sent = {
    method: request.method,
    url: request.url,
    ...(request.secretPlaces && { ownPath: request.secretPlaces.path }),
    requestHeaders: request.headers,
    ...(request.body && {
      requestBody: shownRequest(request, 'response' in outcome ? outcome.response : undefined, mask),
    }),
  }
  if ('problem' in outcome) return { ...sent, duration: outcome.duration, problem: outcome.problem }
  const { response } = outcome
  const requestId = requestIdOf(response.headers)
  const body = shownResponse(request, response, mask)
  const message = body?.text === undefined ? undefined : messageOf(response, body.text, mask)
  return {
    ...sent,
    status: response.status,
    ...(response.reason !== undefined && { reason: response.reason }),
    responseHeaders: response.headers,
    ...(body && { responseBody: body }),
    ...(requestId !== undefined && { requestId }),
    ...(message !== undefined && { cloudMessage: message }),
    duration: response.duration,
  }
}

// What clouds say to whomever is not masked, whichever word of it is a password.
function messageOf(
  { status, headers, body }: HttpResponse,
  shown: string,
  mask: (text: string) => string,
): string | undefined {
  if (status < 400) return undefined
  const type = headerOf(headers, 'Content-Type') ?? ''
  const said = body === undefined ? undefined : cloudMessage(new TextDecoder().decode(body), type)
  if (said !== undefined && cloudSentences.includes(said)) return said
  const message = cloudMessage(shown, type)
  return message === undefined ? undefined : shortened(mask(message))
}

function shownRequest(
  request: HttpRequest,
  response: HttpResponse | undefined,
  mask: (text: string) => string,
): ShownBody {
  const { body, secretPlaces } = request
  if (body?.kind === 'file')
    return {
      size: response?.sent?.size ?? 0,
      file: body.path,
      ...(response?.sent && { md5: response.sent.md5, sha256: response.sent.sha256 }),
    }
  if (body?.kind === 'multipart')
    return { size: response?.sentSize ?? 0, ...cut(body.parts.map(partLine).join('\n'), mask) }
  const text = shownText(request)
  return {
    size: Buffer.byteLength(body?.text ?? ''),
    ...cut(text, secretPlaces === undefined ? mask : (own) => own),
  }
}

// Without the secrets whose places are known.
function shownText({ body, secretPlaces }: HttpRequest): string {
  if (body?.kind !== 'text') return ''
  if (secretPlaces === undefined || body.json === undefined) return body.text
  return JSON.stringify(hiddenAt(body.json, new Set(secretPlaces.json)))
}

/** A part of a form as curl is told it, which people know; the boundary is nobody's concern. */
export function partLine(part: FormPart): string {
  const type = part.type === undefined ? '' : `;type=${part.type}`
  if ('text' in part) return `${part.name}=${part.text}${type}`
  return `${part.name}=@${part.file}${type}${part.filename === undefined ? '' : `;filename=${part.filename}`}`
}

function shownResponse(
  request: HttpRequest,
  response: HttpResponse,
  mask: (text: string) => string,
): ShownBody | undefined {
  if (response.size === 0) return undefined
  if (request.saveTo !== undefined && response.status < 300)
    return { size: response.size, file: request.saveTo, md5: response.md5, sha256: response.sha256 }
  const { body } = response
  if (body === undefined || body.length > longestBody || !isText(headerOf(response.headers, 'Content-Type')))
    return { size: response.size, md5: response.md5, sha256: response.sha256 }
  return { size: response.size, ...cut(new TextDecoder().decode(body), mask) }
}

function isText(contentType: string | undefined): boolean {
  return contentType === undefined || /^text\/|[/+](json|xml|x-www-form-urlencoded|yaml)\b/i.test(contentType)
}

function cut(
  text: string,
  mask: (text: string) => string,
): { readonly text: string; readonly truncated?: boolean } {
  return text.length <= longestText ? { text } : { text: mask(text).slice(0, longestText), truncated: true }
}
