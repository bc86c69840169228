import { randomBytes } from 'node:crypto'
import type { Answer, Asked } from './answer.ts'
import { notImplemented } from './answer.ts'
import type { IdentityStore } from './identity-store.ts'
import { askAccount } from './swift-account.ts'
import { askContainer } from './swift-container.ts'
import { swiftEmpty, swiftPage, swiftText } from './swift-errors.ts'
import { askObject } from './swift-object.ts'
import type { SwiftStore } from './swift-store.ts'

const operators = ['admin', 'objectstore_operator', 'swiftoperator']

/** Answers as Swift 2.30 does. `path` is still percent-encoded. */
export function askSwift(asked: Asked, path: string, store: SwiftStore, identity: IdentityStore): Answer {
  const answer = route(asked, path, store, identity)
  const id = `tx${randomBytes(11).toString('hex').slice(0, 21)}-${Math.floor(store.now() / 1000)
    .toString(16)
    .padStart(10, '0')}`
  return {
    ...answer,
    headers: [
      ...answer.headers,
      ['X-Trans-Id', id],
      ['X-Openstack-Request-Id', id],
      ['Date', new Date(store.now()).toUTCString()],
    ],
  }
}

function route(asked: Asked, path: string, store: SwiftStore, identity: IdentityStore): Answer {
  if (path === '/healthcheck') return swiftText(200, 'OK', 'text/plain')
  if (path === '/info') return asked.method === 'GET' || asked.method === 'HEAD' ? info() : swiftPage(405)
  if (path === '/') return swiftPage(404)
  const [, version = '', ...rest] = path.split('/')
  if (!/^v1(\.0)?$/.test(version)) return /^v\d/.test(version) ? swiftPage(400) : swiftPage(404)
  const names = namesOf(rest)
  if (names === undefined) return swiftText(412, 'Invalid UTF8 or contains NULL')
  const [account = '', container = '', object = ''] = names
  if (account === '') return swiftText(412, 'Bad URL')
  const refused = refusal(asked, account, container, store, identity)
  if (refused !== undefined) {
    const answer = refused === 401 ? unauthorized(asked, account) : swiftPage(403)
    if (asked.method !== 'HEAD') return answer
    return object === '' ? { ...answer, body: '' } : { ...answer, body: '', chunkedEmpty: true }
  }
  const unknown = [...asked.query.keys()].find((key) => unsupported.includes(key))
  if (unknown !== undefined) return notImplemented(`the parameter ${unknown} of Swift`)
  const found = store.account(account.replace(/^AUTH_/, ''))
  if (container === '') return askAccount(asked, found, account)
  if (object === '') return askContainer(asked, found, container, store)
  return askObject(asked, { account: found, accountName: account, container, name: object }, store)
}

const unsupported = [
  'multipart-manifest',
  'bulk-delete',
  'extract-archive',
  'temp_url_sig',
  'versions',
  'version-id',
  'symlink',
]

function namesOf(parts: readonly string[]): readonly string[] | undefined {
  const [account = '', container = '', ...object] = parts
  try {
    const names = [account, container, object.join('/')].map(decodeURIComponent)
    return names.some((name) => name.includes('\0')) ? undefined : names
  } catch {
    // Bytes that are no UTF-8.
    return undefined
  }
}

// Who may: the project's own operators; anybody may read what `.r:*` opens.
function refusal(
  asked: Asked,
  account: string,
  container: string,
  store: SwiftStore,
  identity: IdentityStore,
): 401 | 403 | undefined {
  const token = identity.live(asked.header('X-Auth-Token') ?? asked.header('X-Storage-Token'))
  const project = account.replace(/^AUTH_/, '')
  if (
    token?.scope.kind === 'project' &&
    token.scope.id === project &&
    token.scope.roles.some((role) => operators.includes(role))
  )
    return undefined
  const acl = store.account(project).containers.get(container)?.metadata.get('X-Container-Read') ?? ''
  if (/(^|,)\s*\.r:\*/.test(acl) && (asked.method === 'GET' || asked.method === 'HEAD')) return undefined
  return token === undefined ? 401 : 403
}

function unauthorized(asked: Asked, account: string): Answer {
  const { body, ...page } = swiftPage(401)
  return {
    ...page,
    headers: [
      ...page.headers,
      ['Www-Authenticate', `Swift realm="${account}"`],
      ['WWW-Authenticate', `Keystone uri="${asked.origin}/identity/v3"`],
    ],
    ...(body !== undefined && { body }),
  }
}

function info(): Answer {
  const swift = {
    version: '2.30.1',
    strict_cors_mode: true,
    policies: [{ name: 'Policy-0', aliases: 'Policy-0', default: true }],
    allow_account_management: false,
    account_autocreate: true,
    max_file_size: 5_368_709_122,
    max_meta_name_length: 128,
    max_meta_value_length: 256,
    max_meta_count: 90,
    max_meta_overall_size: 4096,
    max_header_size: 8192,
    max_object_name_length: 1024,
    container_listing_limit: 10_000,
    account_listing_limit: 10_000,
    max_account_name_length: 256,
    max_container_name_length: 256,
    extra_header_count: 0,
  }
  return {
    ...swiftEmpty(200),
    headers: [['Content-Type', 'application/json; charset=UTF-8']],
    body: JSON.stringify({ swift }),
  }
}
