import type { HttpResponse } from '../../src/model/exchange.ts'

/** An answer of a server: a body that is no text is sent as JSON. */
export function answer(
  status: number,
  body: unknown,
  type = 'application/json',
  headers: readonly (readonly [string, string])[] = [],
): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const bytes = text === undefined ? undefined : new TextEncoder().encode(text)
  return {
    status,
    headers: [['Content-Type', type], ...headers],
    body: bytes,
    duration: 1,
    size: bytes?.length ?? 0,
    md5: '',
    sha256: '',
  }
}
