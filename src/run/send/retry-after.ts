import type { HttpResponse } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'

/**
 * The milliseconds that an answer asks to wait: Retry-After in seconds, or as a date, which is read by the clock of the
 * server, its Date. `now` is in epoch milliseconds. Undefined when there is none, or none that can be read.
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfter({ headers }: HttpResponse, now: number): number | undefined {
  const text = headerOf(headers, 'Retry-After')?.trim()
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const date = parseHttpDate(text)
  if (date === undefined) return undefined
  return Math.max(0, date - (parseHttpDate(headerOf(headers, 'Date') ?? '') ?? now))
}

// The three forms of https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7 have a name and a time, which is in UTC.
function parseHttpDate(text: string): number | undefined {
  if (!/^[A-Za-z]{3}.* \d\d:\d\d:\d\d/.test(text)) return undefined
  const date = Date.parse(/GMT$/.test(text) ? text : `${text} GMT`)
  return Number.isNaN(date) ? undefined : date
}
