import type { Call } from '../../call.ts'
import { changedCall, headerPath, quote, withoutHeaders } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { text } from '../answer.ts'
import { accountNamed } from '../link/link.ts'
import type { Place } from '../place.ts'

/** A COPY as the PUT with X-Copy-From that it stands for, and where that leads; or what is wrong with it. */
export function asPut(call: Call, place: Place): { readonly call: Call; readonly place: Place } | Reply {
  if (!call.header('Destination')) return text(412, 'Destination header required')
  const account = accountNamed(call, 'Destination-Account')
  if (typeof account === 'object') return account
  const target = spotIn(call, 'Destination')
  if ('status' in target) return target
  const headers = [
    ...withoutHeaders(
      call.headers,
      'Destination',
      'Destination-Account',
      'X-Copy-From',
      'X-Copy-From-Account',
    ),
    ['X-Copy-From', quote(`${place.container}/${place.object}`)] as const,
    ...(account === undefined ? [] : [['X-Copy-From-Account', quote(place.account)] as const]),
  ]
  return {
    call: changedCall(call, { method: 'PUT', headers, length: 0, chunked: false }),
    place: { account: account ?? place.account, ...target },
  }
}

/** The place that X-Copy-From and X-Copy-From-Account name, or what is wrong with them. */
export function sourceAsked(call: Call, { account: own }: Place): Place | Reply {
  const account = accountNamed(call, 'X-Copy-From-Account')
  if (typeof account === 'object') return account
  const source = spotIn(call, 'X-Copy-From')
  return 'status' in source ? source : { account: account ?? own, ...source }
}

function spotIn(call: Call, header: string): { readonly container: string; readonly object: string } | Reply {
  const path = headerPath((call.header(header) ?? '').replace(/^\//, '')) ?? ''
  const at = path.indexOf('/')
  return at <= 0 || at === path.length - 1 || path.includes('\0')
    ? text(412, `${header} header must be of the form <container name>/<object name>`)
    : { container: path.slice(0, at), object: path.slice(at + 1) }
}
