import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Json } from '../model/recipe.ts'

/** The longest body of a request, in bytes. */
const longestBody = 64 * 1024

/**
 * What a page may do: nothing but show its own script and style, and talk to its own server. No text can become markup or
 * code in it. https://www.w3.org/TR/CSP3/, https://www.w3.org/TR/trusted-types/
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** The headers of every answer: it is kept nowhere, framed nowhere, and its address goes nowhere. */
export const safeHeaders = {
  'Content-Security-Policy': policy,
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const

/** Sends a whole answer. */
export function answer(
  response: ServerResponse,
  status: number,
  body = '',
  headers: Readonly<Record<string, string>> = {},
): void {
  const type = body === '' ? {} : { 'Content-Type': 'text/plain; charset=utf-8' }
  response.writeHead(status, { ...safeHeaders, ...type, ...headers }).end(body)
}

/** The JSON of a request's body; undefined for what is no JSON, does not say so, or is longer than 64 KiB. */
export async function readJson(request: IncomingMessage): Promise<Json | undefined> {
  // A form of another site can send text, and never this type: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return undefined
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length
      if (size > longestBody) return undefined
      chunks.push(chunk as Buffer)
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json
  } catch {
    // Whoever sends half a body, or no JSON, is told by the status.
    return undefined
  }
}
