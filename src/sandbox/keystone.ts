import { randomBytes, randomUUID } from 'node:crypto'
import type { Answer, Asked } from './answer.ts'
import { json, notImplemented } from './answer.ts'
import type { ApplicationCredential, IdentityStore, IssuedToken } from './identity-store.ts'
import { newId } from './identity-store.ts'
import { authenticate } from './keystone-auth.ts'
import { badRequest, forbidden, KeystoneError, unauthorized } from './keystone-errors.ts'
import { catalogFor, keystoneTime, tokenBody } from './keystone-token.ts'
import { domains, projects } from './seed.ts'

const largestBody = 114_688

/** Answers what is asked under `/identity`, as Keystone 22 does. `path` starts after it. */
export function askKeystone(asked: Asked, path: string, store: IdentityStore): Answer {
  if (asked.body.length > largestBody)
    return {
      status: 413,
      headers: [['Content-Type', 'text/plain; charset=UTF-8']],
      body: `413 Request Entity Too Large\n\nRequest is too large. Larger than max_request_body_size (${largestBody}).\n\n   `,
    }
  const id: Answer['headers'] = [['x-openstack-request-id', `req-${randomUUID()}`]]
  if (path === '/healthcheck')
    return { status: 200, headers: [['Content-Type', 'text/plain; charset=UTF-8'], ...id], body: '' }
  const answer = guarded(() => route(asked, path.replace(/\/+$/, ''), store))
  const isReceipt = answer.headers.some(([name]) => name === 'Openstack-Auth-Receipt')
  const challenge: Answer['headers'] =
    answer.status === 401 && !isReceipt
      ? [['WWW-Authenticate', `Keystone uri="${asked.origin}/identity/v3"`]]
      : []
  return { ...answer, headers: [...answer.headers, ...challenge, ['Vary', 'X-Auth-Token'], ...id] }
}

function guarded(run: () => Answer): Answer {
  try {
    return run()
  } catch (error) {
    if (error instanceof KeystoneError) return error.answer
    throw error
  }
}

function route(asked: Asked, path: string, store: IdentityStore): Answer {
  const { method } = asked
  const reads = method === 'GET' || method === 'HEAD'
  if (path === '' && reads)
    return json(
      300,
      { versions: { values: [version(asked)] } },
      [['Location', `${asked.origin}/identity/v3/`]],
      'MULTIPLE CHOICES',
    )
  if (path === '/v3' && reads) return json(200, { version: version(asked) })
  if (path === '/v3/auth/tokens') return tokens(asked, store)
  const credentials = /^\/v3\/users\/([^/]+)\/application_credentials(?:\/([^/]+))?$/.exec(path)
  if (!path.startsWith('/v3/') || !knownPaths.test(path)) return htmlNotFound()
  const caller = store.live(asked.header('X-Auth-Token'))
  if (caller === undefined) throw unauthorized()
  if (credentials) return applicationCredentials(asked, caller, store, credentials[1] ?? '', credentials[2])
  if (!reads) return methodNotAllowed('GET, HEAD, OPTIONS')
  return about(asked, path, caller)
}

const knownPaths =
  /^\/v3\/(auth\/(projects|domains|system|catalog)|users(\/[^/]+(\/application_credentials(\/[^/]+)?)?)?|projects|services|endpoints|regions)$/

function about(asked: Asked, path: string, caller: IssuedToken): Answer {
  const self = `${asked.origin}/identity${path}`
  const links = { next: null, self, previous: null }
  const granted = (kind: string, id: string): boolean => caller.user.roles[`${kind}:${id}`] !== undefined
  switch (path) {
    case '/v3/auth/projects':
      return json(200, {
        projects: projects
          .filter(({ id }) => granted('project', id))
          .map(({ id, name, domain }) => ({
            id,
            name,
            domain_id: domain.id,
            description: '',
            enabled: true,
            parent_id: domain.id,
            is_domain: false,
            tags: [],
            options: {},
            links: { self: `${asked.origin}/identity/v3/projects/${id}` },
          })),
        links,
      })
    case '/v3/auth/domains':
      return json(200, {
        domains: domains
          .filter(({ id }) => granted('domain', id))
          .map(({ id, name }) => ({
            id,
            name,
            description: '',
            enabled: true,
            tags: [],
            options: {},
            links: { self: `${asked.origin}/identity/v3/domains/${id}` },
          })),
        links,
      })
    case '/v3/auth/system':
      return json(200, {
        system: caller.user.roles.system === undefined ? [] : [{ all: true }],
        links: { self },
      })
    case '/v3/auth/catalog':
      if (caller.scope.kind === 'unscoped') throw forbidden()
      return json(200, { catalog: catalogFor(caller, asked.origin), links })
    default:
      if (path === `/v3/users/${caller.user.id}`) {
        const { id, name, domain, enabled } = caller.user
        return json(200, {
          user: {
            id,
            name,
            domain_id: domain.id,
            enabled,
            password_expires_at: null,
            options: {},
            links: { self },
          },
        })
      }
      if (caller.scope.kind !== 'system')
        throw new KeystoneError(
          403,
          `You are not authorized to perform the requested action: identity:${path.startsWith('/v3/users') ? 'list_users' : `list_${path.slice(4)}`}.`,
        )
      return notImplemented(`${asked.method} ${path}`)
  }
}

function tokens(asked: Asked, store: IdentityStore): Answer {
  const { method } = asked
  const withCatalog = !asked.query.has('nocatalog')
  if (method === 'POST') {
    const issued = authenticate(asked, store)
    if (!('user' in issued)) return issued
    return { ...shown(issued, asked, withCatalog), status: 201, reason: 'CREATED' }
  }
  if (method !== 'GET' && method !== 'HEAD' && method !== 'DELETE')
    return methodNotAllowed('GET, OPTIONS, DELETE, HEAD, POST')
  const caller = store.live(asked.header('X-Auth-Token'))
  if (caller === undefined) throw unauthorized()
  const subject = store.tokens.get(asked.header('X-Subject-Token')?.trim() ?? '')
  if (subject === undefined) throw new KeystoneError(404, 'Could not recognize Fernet token')
  if (subject.user !== caller.user && !('roles' in caller.scope && caller.scope.roles.includes('admin')))
    throw forbidden(
      method === 'DELETE'
        ? 'identity:revoke_token'
        : method === 'HEAD'
          ? 'identity:check_token'
          : 'identity:validate_token',
    )
  if (store.live(subject.id) === undefined) throw new KeystoneError(404, 'Failed to validate token')
  if (method === 'DELETE') {
    subject.revoked = true
    return { status: 204, reason: 'NO CONTENT', headers: [] }
  }
  return shown(subject, asked, withCatalog)
}

function shown(token: IssuedToken, asked: Asked, withCatalog: boolean): Answer {
  return json(200, { token: tokenBody(token, asked.origin, withCatalog) }, [['X-Subject-Token', token.id]])
}

function applicationCredentials(
  asked: Asked,
  caller: IssuedToken,
  store: IdentityStore,
  userId: string,
  id: string | undefined,
): Answer {
  if (caller.user.id !== userId) throw forbidden('identity:create_application_credential')
  const own = [...store.applicationCredentials.values()].filter((one) => one.userId === userId)
  const self = `${asked.origin}/identity/v3/users/${userId}/application_credentials`
  if (id === undefined) {
    if (asked.method === 'POST')
      return json(201, { application_credential: { ...created(asked, caller, store, self) } }, [], 'CREATED')
    if (asked.method === 'GET')
      return json(200, {
        application_credentials: own.map((one) => described(one, self)),
        links: { next: null, self, previous: null },
      })
    return methodNotAllowed('GET, POST, HEAD, OPTIONS')
  }
  const found = own.find((one) => one.id === id)
  if (found === undefined) throw new KeystoneError(404, `Could not find Application Credential: ${id}.`)
  if (asked.method === 'GET' || asked.method === 'HEAD')
    return json(200, { application_credential: described(found, self) })
  if (asked.method !== 'DELETE') return methodNotAllowed('GET, DELETE, HEAD, OPTIONS')
  store.applicationCredentials.delete(id)
  for (const token of store.tokens.values()) if (token.applicationCredential?.id === id) token.revoked = true
  return { status: 204, reason: 'NO CONTENT', headers: [] }
}

function created(
  asked: Asked,
  caller: IssuedToken,
  store: IdentityStore,
  self: string,
): Readonly<Record<string, unknown>> {
  if (caller.scope.kind !== 'project') throw forbidden('identity:create_application_credential')
  if (caller.applicationCredential !== undefined && !caller.applicationCredential.unrestricted)
    throw forbidden(
      "Using method 'application_credential' is not allowed for managing additional application credentials.",
    )
  let given:
    | {
        readonly name?: unknown
        readonly description?: unknown
        readonly secret?: unknown
        readonly unrestricted?: unknown
        readonly expires_at?: unknown
        readonly roles?: unknown
      }
    | undefined
  try {
    given = (JSON.parse(asked.body.toString('utf8')) as { application_credential?: typeof given } | null)
      ?.application_credential
  } catch {
    throw badRequest('Expecting to find valid JSON in request body.')
  }
  if (given === undefined || given === null || typeof given !== 'object')
    throw badRequest('Expecting to find application_credential in request body.')
  if (typeof given.name !== 'string' || given.name === '')
    throw badRequest("'name' is a required property\n\nFailed validating 'required' in schema")
  const name = given.name
  if (
    [...store.applicationCredentials.values()].some(
      (one) => one.name === name && one.userId === caller.user.id,
    )
  )
    throw new KeystoneError(
      409,
      `Conflict occurred attempting to store application_credential - Duplicate entry found with name ${name}.`,
    )
  const wanted = Array.isArray(given.roles)
    ? given.roles.map((role: { readonly name?: unknown }) => String(role?.name))
    : caller.scope.roles
  const credential: ApplicationCredential = {
    id: newId(),
    name,
    secret: typeof given.secret === 'string' ? given.secret : randomBytes(64).toString('base64url'),
    description: typeof given.description === 'string' ? given.description : null,
    userId: caller.user.id,
    projectId: caller.scope.id,
    roles: wanted.filter((role) => caller.scope.kind === 'project' && caller.scope.roles.includes(role)),
    unrestricted: given.unrestricted === true,
    expiresAt: typeof given.expires_at === 'string' ? keystoneTime(Date.parse(given.expires_at) || 0) : null,
  }
  store.applicationCredentials.set(credential.id, credential)
  return { ...described(credential, self), secret: credential.secret }
}

function described(one: ApplicationCredential, self: string): Readonly<Record<string, unknown>> {
  return {
    id: one.id,
    name: one.name,
    description: one.description,
    project_id: one.projectId,
    user_id: one.userId,
    expires_at: one.expiresAt,
    unrestricted: one.unrestricted,
    roles: one.roles.map((name) => ({ name })),
    system: null,
    links: { self: `${self}/${one.id}` },
  }
}

function version(asked: Asked): unknown {
  return {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${asked.origin}/identity/v3/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  }
}

function htmlNotFound(): Answer {
  return {
    status: 404,
    reason: 'NOT FOUND',
    headers: [['Content-Type', 'text/html; charset=utf-8']],
    body: '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n',
  }
}

function methodNotAllowed(allow: string): Answer {
  return json(
    405,
    { message: 'The method is not allowed for the requested URL.' },
    [['Allow', allow]],
    'METHOD NOT ALLOWED',
  )
}
