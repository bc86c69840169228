import type { Call } from '../call.ts'
import { decodePercent } from '../call.ts'

/** What a request may have changed. */
export type Touched =
  | { readonly kind: 'identity' }
  | {
      readonly kind: 'store'
      readonly region: 'RegionOne' | 'RegionTwo'
      readonly account: string
      /** Undefined where it may be anything of the account. */
      readonly spots: readonly Spot[] | undefined
    }

/** A container with one object, by the name that all its versions have, or with all of them. */
export type Spot = { readonly container: string; readonly object?: string }

/** What to look at after a request; undefined for one that only reads. */
export function touchedBy(call: Call): Touched | undefined {
  if (/^(GET|HEAD|OPTIONS)$/.test(call.method) || call.path.startsWith('/osrun/')) return undefined
  if (/^\/identity(\/|$)/.test(call.path)) return { kind: 'identity' }
  const [, second, own = ''] = /^(\/region-two)?(.*)$/s.exec(decodePercent(call.path) ?? '') ?? []
  const [, , account = '', ...rest] = own.split('/')
  if (account === '') return undefined
  const isBulk = call.query.has('bulk-delete') || call.query.get('multipart-manifest') === 'delete'
  const target = (decodePercent(call.header('Destination') ?? '') ?? '').replace(/^\//, '')
  const spots = [rest.join('/'), target].flatMap((path) => spotOf(path) ?? [])
  return {
    kind: 'store',
    region: second === undefined ? 'RegionOne' : 'RegionTwo',
    account,
    spots: isBulk || rest.length === 0 ? undefined : spots,
  }
}

function spotOf(path: string): Spot | undefined {
  const [container = '', ...rest] = path.split('/')
  if (container === '') return undefined
  return { container, ...(rest.length > 0 && { object: rest.join('/') }) }
}
