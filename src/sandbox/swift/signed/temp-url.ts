import { createHmac, timingSafeEqual } from 'node:crypto'
import { BlockList, isIPv4 } from 'node:net'
import type { Call, Header } from '../../call.ts'
import { changedCall, quote } from '../../call.ts'
import { withoutEndSlashes, withoutOuterSlashes } from '../../end-slashes.ts'
import type { Reply } from '../../reply.ts'
import { text } from '../answer.ts'
import type { Place } from '../place.ts'
import type { Account } from '../store/stored.ts'
import { httpDate } from '../times.ts'

const methods = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']
const digests = ['sha1', 'sha256', 'sha512']

/** What `/info` says of it. */
export const tempUrlAbilities = {
  methods,
  incoming_remove_headers: ['x-timestamp'],
  incoming_allow_headers: [],
  outgoing_remove_headers: ['x-object-meta-*'],
  outgoing_allow_headers: ['x-object-meta-public-*'],
  allowed_digests: digests,
  deprecated_digests: ['sha1'],
}

/** Whether a request comes with a signature, good or bad. */
export function isSigned({ query, method }: Call): boolean {
  return method !== 'OPTIONS' && (query.has('temp_url_sig') || query.has('temp_url_expires'))
}

/** A good signature: whose key made it, so how far it reaches, and when it ends, in seconds. */
export type Grant = { readonly scope: 'account' | 'container'; readonly expires: number }

/** Checks a signed request: https://docs.openstack.org/swift/latest/api/temporary_url_middleware.html */
export function checkTempUrl(
  call: Call,
  place: Place,
  account: Account | undefined,
  now: number,
): Grant | Reply {
  const { query, method } = call
  const expires = seconds(query.get('temp_url_expires') ?? '')
  const found = digestOf(query.get('temp_url_sig') ?? '')
  const prefix = query.get('temp_url_prefix')
  const range = query.get('temp_url_ip_range')
  const isObject = withoutOuterSlashes(place.object) !== ''
  if (found === undefined || expires === undefined || expires < now / 1000) return invalid(call)
  if (!methods.includes(method) || !isObject || (prefix !== undefined && !place.object.startsWith(prefix)))
    return invalid(call)
  if (range !== undefined && range !== '' && !isFromHere(range)) return invalid(call)
  const path = `/v1/${place.account}/${place.container}/${prefix ?? place.object}`
  const asked = method === 'HEAD' ? ['HEAD', 'GET', 'POST', 'PUT'] : [method]
  for (const { key, scope } of keysOf(account, place.container))
    for (const one of asked) {
      const words = `${one}\n${expires}\n${prefix === undefined ? '' : 'prefix:'}${path}`
      const signed = range ? `ip=${range}\n${words}` : words
      // The key is bytes, which Node gives as characters.
      const right = createHmac(found.digest, Buffer.from(key, 'latin1')).update(signed).digest()
      if (right.length === found.bytes.length && timingSafeEqual(right, found.bytes))
        return disallowed(call) ?? { scope, expires }
    }
  return invalid(call)
}

const signedFor = [
  'temp_url_sig',
  'temp_url_expires',
  'temp_url_prefix',
  'temp_url_ip_range',
  'filename',
  'inline',
]

/** A signed request without what nobody has signed: it never leads to a version, a manifest or a link itself. */
export function signedPart(call: Call): Call {
  return changedCall(call, { query: new Map([...call.query].filter(([name]) => signedFor.includes(name))) })
}

/** Makes an answer one to a signed request: the object is to be saved, and its metadata is private. */
export function tempUrlReply(call: Call, { object }: Place, { expires }: Grant, reply: Reply): Reply {
  const shown = reply.headers.filter(([name]) => !/^x-object-meta-(?!public-)/i.test(name))
  const isRead = ['GET', 'HEAD'].includes(call.method) && reply.status < 300
  if (!isRead) return { ...reply, headers: shown }
  const earlier = shown.find(([name]) => name === 'Content-Disposition')?.[1]
  const rest = shown.filter(([name]) => name !== 'Content-Disposition' && name !== 'Expires')
  const headers: readonly Header[] = [
    ...rest,
    ['Content-Disposition', disposition(call, object, earlier)],
    ['Expires', httpDate(expires * 1000)],
  ]
  return { ...reply, headers }
}

function seconds(written: string): number | undefined {
  if (/^\s*[+-]?\d+\s*$/.test(written)) return Number(written)
  const time = /^\d{4}-\d\d?-\d\d?T\d\d?:\d\d?:\d\d?Z$/.test(written) ? Date.parse(written) : Number.NaN
  return Number.isNaN(time) ? undefined : time / 1000
}

/** What a signature is made by: hex, whose length tells the digest, or `sha512:` and base64. */
export function digestOf(signature: string): { readonly digest: string; readonly bytes: Buffer } | undefined {
  const [, named = '', base64 = ''] = /^(\w+):([\w+/=-]+)$/.exec(signature) ?? []
  if (digests.includes(named)) return { digest: named, bytes: Buffer.from(base64, 'base64') }
  const digest = ({ 40: 'sha1', 64: 'sha256', 128: 'sha512' } as Readonly<Record<number, string>>)[
    signature.length
  ]
  return digest === undefined ? undefined : { digest, bytes: Buffer.from(signature, 'hex') }
}

/** The keys of an account and of one of its containers. */
export function keysOf(
  account: Account | undefined,
  container: string,
): readonly { key: string; scope: Grant['scope'] }[] {
  const named = (
    kind: 'Account' | 'Container',
    scope: Grant['scope'],
  ): { key: string; scope: Grant['scope'] }[] => {
    const { metadata } = (kind === 'Account' ? account : account?.containers.get(container)) ?? {}
    return ['', '-2'].flatMap((end) => {
      const key = metadata?.get(`X-${kind}-Meta-Temp-Url-Key${end}`)
      return key === undefined ? [] : [{ key, scope }]
    })
  }
  return [...named('Account', 'account'), ...named('Container', 'container')]
}

// The sandbox listens on 127.0.0.1 alone, so everybody comes from there.
function isFromHere(range: string): boolean {
  const [address = '', bits = '32'] = range.split('/')
  if (!isIPv4(address) || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return false
  const list = new BlockList()
  list.addSubnet(address, Number(bits))
  return list.check('127.0.0.1')
}

const pointers = ['X-Object-Manifest', 'X-Symlink-Target', 'X-Copy-From']

function disallowed(call: Call): Reply | undefined {
  if (call.method === 'GET' || call.method === 'HEAD') return undefined
  const header = pointers.find((name) => call.header(name) !== undefined)
  return header === undefined ? undefined : text(400, `The header '${header}' is not allowed in this tempurl`)
}

function invalid(call: Call): Reply {
  const body = call.method === 'HEAD' ? '' : '401 Unauthorized: Temp URL invalid\n'
  const reply = text(401, body)
  return { ...reply, headers: [...reply.headers, ['Www-Authenticate', 'Swift realm="unknown"']] }
}

function disposition({ query }: Call, object: string, earlier: string | undefined): string {
  const name = query.get('filename') ?? ''
  const named = (kind: string, file: string): string =>
    `${kind}; filename="${quote(file).replaceAll('%20', ' ')}"; filename*=UTF-8''${quote(file)}`
  if (query.has('inline')) return name === '' ? 'inline' : named('inline', name)
  if (name !== '') return named('attachment', name)
  return earlier ?? named('attachment', withoutEndSlashes(object).split('/').at(-1) ?? '')
}
