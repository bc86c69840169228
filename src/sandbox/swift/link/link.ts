import type { Call, Header } from '../../call.ts'
import { decodePercent, headerPath, quote } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { text } from '../answer.ts'
import type { Place } from '../place.ts'
import type { Link } from '../store/stored.ts'

/** The place to which a link leads that is at a place. */
export function targetOf({ target, account }: Link, { account: own }: Place): Place {
  const [container = '', ...rest] = (decodePercent(target) ?? target).split('/')
  return {
    account: account === undefined ? own : (decodePercent(account) ?? account),
    container,
    object: rest.join('/'),
  }
}

/** The path to which a link leads, quoted as it was given. */
export function targetPath({ target }: Link, { account }: Place): string {
  return `/v1/${quote(account)}/${target}`
}

/** The link that a PUT with X-Symlink-Target asks for, or what is wrong with it. */
export function linkAsked(call: Call, place: Place): Link | Reply {
  const form = 'X-Symlink-Target header must be of the form <container name>/<object name>'
  const target = headerPath(call.header('X-Symlink-Target') ?? '') ?? ''
  const [container = '', ...rest] = target.split('/')
  const object = rest.join('/')
  if (container === '' || object === '') return text(412, form, 'text/plain')
  const account = accountNamed(call, 'X-Symlink-Target-Account')
  if (typeof account === 'object') return account
  const isItself =
    (account ?? place.account) === place.account && container === place.container && object === place.object
  if (isItself) return text(400, 'Symlink cannot target itself', 'text/plain')
  const etag = call.header('X-Symlink-Target-Etag')?.replace(/^"(.*)"$/, '$1')
  if (etag !== undefined && /[;"\\]/.test(etag))
    return text(400, 'Bad X-Symlink-Target-Etag format', 'text/plain')
  return {
    target: quote(`${container}/${object}`),
    ...(account !== undefined && { account: quote(account) }),
    ...(etag !== undefined && etag !== '' && { etag }),
  }
}

/** The account that a header names, decoded; undefined without the header. */
export function accountNamed(call: Call, header: string): string | undefined | Reply {
  const given = call.header(header)
  if (given === undefined) return undefined
  const account = headerPath(given) ?? ''
  if (account === '') return text(412, 'Account name cannot be empty')
  return account.includes('/') ? text(412, 'Account name cannot contain slashes') : account
}

/** The headers that tell of a link itself. */
export function linkHeaders({ target, account, etag, bytes }: Link): readonly Header[] {
  return [
    ['X-Symlink-Target', target],
    ...(account === undefined ? [] : [['X-Symlink-Target-Account', account] as const]),
    ...(etag === undefined ? [] : [['X-Symlink-Target-Etag', etag] as const]),
    ...(bytes === undefined ? [] : [['X-Symlink-Target-Bytes', String(bytes)] as const]),
  ]
}
