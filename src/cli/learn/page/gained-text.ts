import type { SafeEvent } from '../../../model/event.ts'
import type { Paint } from '../../../report/text/paint.ts'
import { visible } from '../../../util/text/visible.ts'

/** What the context gained by a step, a line for each name; `now` in epoch milliseconds. */
export function gainedText(events: readonly SafeEvent[], now: number, paint: Paint): string {
  return events
    .flatMap((event) => (event.type === 'context' ? linesOf(event.name, event.value, now) : []))
    .map((line) => `  ${paint.green('+')} ${visible(line)}\n`)
    .join('')
}

function linesOf(name: string, value: unknown, now: number): readonly string[] {
  const token = asToken(value)
  if (token === undefined) {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return [`${name} = ${text.length > 160 ? `${text.slice(0, 160)}…` : text}`]
  }
  const { expires_at: expires, scope, services } = token
  const left = expires === null ? '' : `, expires in ${lifeText(Date.parse(expires) - now)}`
  const catalog = services > 0 ? [`catalog, ${services} ${services === 1 ? 'service' : 'services'}`] : []
  return [`${name}${name === 'token' ? '' : ': a token'}, ${scope}${left}`, ...catalog]
}

type ShownToken = { readonly expires_at: string | null; readonly scope: string; readonly services: number }

// What `authenticate` tells of a token, instead of the token.
function asToken(value: unknown): ShownToken | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { expires_at: expires, scope, services } = value as Partial<ShownToken>
  const isOne = typeof scope === 'string' && typeof services === 'number'
  return isOne ? { expires_at: expires ?? null, scope, services } : undefined
}

// As one says it: `45 s`, `60 min`, `24 h`.
function lifeText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
