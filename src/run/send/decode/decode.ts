import { headerOf } from '../../../model/exchange.ts'
import type { Link } from '../link.ts'

/**
 * Gives the body of an answer as UTF-8 without its Content-Encoding; size and hashes stay those of what came. A body that cannot
 * be decoded stays as it is, which is told.
 */
export const decodeAnswers: Link = (next) => async (request, details) => {
  const response = await next(request, details)
  const { body, headers, size } = response
  if (body === undefined || size === 0) return response
  const encoding = headerOf(headers, 'Content-Encoding') ?? ''
  const charset = /;\s*charset="?([^\s";]+)/i.exec(headerOf(headers, 'Content-Type') ?? '')?.[1] ?? ''
  if (isPlain(encoding) && isUtf8.test(charset)) return response
  // Node takes some time to load what unpacks.
  const { decodeBody } = await import('./decode-body.ts')
  const decoded = decodeBody(body, { encoding, charset })
  for (const message of decoded.troubles) details.errand.notice(message, 'warning')
  return { ...response, body: decoded.body }
}

const isUtf8 = /^(utf-?8|us-ascii)?$/i

function isPlain(encoding: string): boolean {
  return ['', 'identity'].includes(encoding.trim().toLowerCase())
}
