import { randomUUID } from 'node:crypto'
import type { Call, Header } from '../call.ts'
import { withoutEndSlashes } from '../end-slashes.ts'
import type { Reply } from '../reply.ts'
import { json, methodNotAllowed, pageNotFound, reasonOf } from './answer.ts'
import * as credentials from './application-credentials.ts'
import { tooLarge } from './body.ts'
import * as ec2 from './ec2-credentials.ts'
import type { Identity } from './identity/identity.ts'
import * as listings from './listings.ts'
import { deleteToken, getToken, postToken } from './login/tokens.ts'
import { peopleRoutes } from './people/routes.ts'
import { notKnown, Refusal } from './refusal.ts'
import type { Route } from './route.ts'

/** Answers what is asked below `/identity`, as Keystone 22 does. `path` is the rest of the path. */
export async function askKeystone(call: Call, path: string, state: Identity): Promise<Reply> {
  const id: Header = ['x-openstack-request-id', `req-${randomUUID()}`]
  if (path === '/healthcheck')
    return { status: 200, headers: [['Content-Type', 'text/plain; charset=UTF-8'], id], body: '' }
  let reply: Reply
  try {
    reply = await route(call, path, state)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.status === 413)
      return {
        status: 413,
        reason: 'Request Entity Too Large',
        headers: [['Content-Type', 'text/plain; charset=UTF-8']],
        body: tooLarge,
      }
    reply = refusalReply(error, state)
  }
  return { ...reply, headers: [...reply.headers, ['Vary', 'X-Auth-Token'], id] }
}

async function route(call: Call, path: string, state: Identity): Promise<Reply> {
  const plain = withoutEndSlashes(path)
  for (const { path: pattern, methods, allow } of routes) {
    const match = pattern.exec(plain)
    if (match === null) continue
    const handler = methods[call.method === 'HEAD' ? 'GET' : call.method]
    const known =
      allow ?? [...Object.keys(methods), ...('GET' in methods ? ['HEAD'] : []), 'OPTIONS'].join(', ')
    if (handler) return handler(call, state, ...match.slice(1))
    if (call.method === 'OPTIONS')
      return {
        status: 200,
        reason: 'OK',
        headers: [
          ['Content-Type', 'text/html; charset=utf-8'],
          ['Allow', known],
        ],
        body: '',
      }
    return methodNotAllowed(known)
  }
  const [first = '', ...rest] = plain.replace(/^\/v3\//, '').split('/')
  if (!unknownHere.has(first)) return pageNotFound()
  // Every second part is an id.
  const kind = [first, ...rest.filter((_, index) => index % 2 === 1)].join(' ')
  throw notKnown(`${call.method} of Keystone's ${kind}`)
}

const routes: readonly Route[] = [
  { path: /^$/, methods: { GET: allVersions } },
  { path: /^\/v3$/, methods: { GET: oneVersion } },
  {
    path: /^\/v3\/auth\/tokens$/,
    methods: { POST: postToken, GET: getToken, DELETE: deleteToken },
    allow: 'GET, OPTIONS, DELETE, HEAD, POST',
  },
  { path: /^\/v3\/auth\/catalog$/, methods: { GET: listings.authCatalog } },
  { path: /^\/v3\/auth\/projects$/, methods: { GET: listings.authProjects } },
  { path: /^\/v3\/auth\/domains$/, methods: { GET: listings.authDomains } },
  { path: /^\/v3\/auth\/system$/, methods: { GET: listings.authSystem } },
  {
    path: /^\/v3\/users\/([^/]+)\/application_credentials$/,
    methods: {
      GET: (call, state, user = '') => credentials.listCredentials(call, state, user),
      POST: (call, state, user = '') => credentials.createCredential(call, state, user),
    },
  },
  {
    path: /^\/v3\/users\/([^/]+)\/application_credentials\/([^/]+)$/,
    methods: {
      GET: (call, state, user = '', id = '') => credentials.showCredential(call, state, user, id),
      DELETE: (call, state, user = '', id = '') => credentials.deleteCredential(call, state, user, id),
    },
  },
  {
    path: /^\/v3\/users\/([^/]+)\/credentials\/OS-EC2$/,
    methods: {
      GET: (call, state, user = '') => ec2.listEc2Credentials(call, state, user),
      POST: (call, state, user = '') => ec2.createEc2Credential(call, state, user),
    },
  },
  {
    path: /^\/v3\/users\/([^/]+)\/credentials\/OS-EC2\/([^/]+)$/,
    methods: {
      GET: (call, state, user = '', access = '') => ec2.showEc2Credential(call, state, user, access),
      DELETE: (call, state, user = '', access = '') => ec2.deleteEc2Credential(call, state, user, access),
    },
  },
  ...peopleRoutes,
  {
    path: /^\/v3\/domains\/([^/]+)$/,
    methods: { GET: (call, state, id = '') => listings.showDomain(call, state, id), ...changes() },
  },
  {
    path: /^\/v3\/roles\/([^/]+)$/,
    methods: { GET: (call, state, id = '') => listings.showRole(call, state, id), ...changes() },
  },
  // Changing what follows exists in Keystone; that is said by the handler, not by a 405.
  {
    path: new RegExp(`^/v3/(${Object.keys(listings.systemLists).join('|')})$`),
    methods: { GET: (call, state, name = '') => listings.listAll(call, state, name), ...changes() },
  },
]

// What Keystone has and the sandbox has not.
const unknownHere = new Set([
  ...Object.keys(listings.systemLists),
  ...['users', 'projects'],
  ...[
    'auth',
    'credentials',
    'ec2tokens',
    'groups',
    'limits',
    'limits-model',
    'policies',
    'registered_limits',
  ],
  ...[
    'role_inferences',
    's3tokens',
    'system',
    'OS-EP-FILTER',
    'OS-FEDERATION',
    'OS-INHERIT',
    'OS-OAUTH1',
    'OS-REVOKE',
    'OS-TRUST',
  ],
])

function changes(): Route['methods'] {
  const refuse = (call: Call): never => {
    throw notKnown(`${call.method} of Keystone's ${call.path.split('/')[3] ?? ''}`)
  }
  return { POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse }
}

function allVersions(call: Call, state: Identity): Reply {
  return json(300, { versions: { values: [version(call, state)] } }, [
    ['Location', `${call.origin}/identity/v3/`],
  ])
}

function oneVersion(call: Call, state: Identity): Reply {
  return json(200, { version: version(call, state) })
}

function version({ origin }: Call, { faults }: Identity): object {
  return {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: faults.link(`${origin}/identity/v3/`) }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  }
}

function refusalReply(refusal: Refusal, { base }: Identity): Reply {
  const challenge: readonly Header[] =
    refusal.status === 401 ? [['WWW-Authenticate', `Keystone uri="${base}/identity/v3"`]] : []
  const headers: readonly Header[] = [['Content-Type', 'application/json'], ...challenge, ...refusal.headers]
  return { status: refusal.status, reason: reasonOf(refusal.status), headers, body: refusal.body }
}
