import type { Cloud } from '../../model/cloud.ts'
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { type Phrase, phrase } from '../../model/phrase.ts'
import { OsrunError, type Position } from '../../model/problem.ts'
import type { DataPath } from '../../model/recipe.ts'
import { parseCatalog } from '../../openstack/catalog/parse-catalog.ts'
import { mapSecrets } from '../../openstack/config/map-secrets.ts'
import type { SentRead } from '../../recipe/template/sent-reads.ts'
import { createMasker } from '../../secrets/masker.ts'
import { valueAt } from '../../util/data-path.ts'
import { originOf } from '../../util/origin.ts'
import { jsonText, parseJson } from '../../util/parse-json.ts'
import { isSecretVariable, passwordOfUrl } from '../../util/secret-names.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'
import type { TokenKeeper } from '../tokens/token-keeper.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Knows to which origins the caller's credentials and the tokens of a run belong. */
export type SecretHomes = {
  /** Whether the caller's credentials may go to a URL: one of the run's own cloud, or of an origin that is allowed. */
  mayReceive(url: string): boolean
  /** Whether the caller allows this origin whatever a recipe sends there. */
  isAllowed(url: string): boolean
  /** The read whose value may not go to a URL, of those whose values would; undefined where all may. */
  stray(url: string, reads: Iterable<SentRead>): SentRead | undefined
  /** Takes in what an answer of the cloud says of its tokens and endpoints. */
  learn(request: HttpRequest, response: HttpResponse): void
}

/** What the homes of a run's secrets are known by. */
export type HomeParts = {
  readonly cloud: Cloud | undefined
  /** What `${env.NAME}` reads. */
  readonly environment: Environment
  /** The variables that the recipe reads. */
  readonly read: Environment
  readonly keeper: TokenKeeper
  /** The origins that the caller allows. */
  readonly allowed: readonly string[]
}

/** Variables, and settings of a cloud in lower case, that say who lets its users in. */
const gates = ['AUTH_URL', 'DISCOVERY_ENDPOINT', 'ACCESS_TOKEN_ENDPOINT', 'IDENTITY_PROVIDER_URL']

/** Makes what knows the homes of a run's secrets. */
export function createSecretHomes(parts: HomeParts): SecretHomes {
  const { cloud, environment, keeper } = parts
  const allowed = new Set(parts.allowed.map(originOf))
  const urls = gates.flatMap((name) => environment[`OS_${name}`] ?? [])
  const homes = new Set([...urls, ...settingsOf(cloud)].map(originOf))
  const identities = [...urls, ...(cloud?.credentials.kind === 'keystone' ? [cloud.credentials.authUrl] : [])]
  const credentials = new Set<string>()
  // Tokens that the recipe gets by requests of its own.
  const written = new Set<string>()
  const known = createMasker()
  const isAllowed = (url: string): boolean => isIn(allowed, url)
  const mayReceive = (url: string): boolean => isAllowed(url) || isIn(homes, url) || keeper.isOwn(url)
  const guard = (secret: string, kind: Set<string>): void => {
    if (secret.trim() === '') return
    kind.add(secret)
    known.learn(secret)
  }
  if (cloud !== undefined)
    mapSecrets(cloud.credentials, (secret) => {
      guard(secret, credentials)
      return secret
    })
  for (const [name, value = ''] of Object.entries(parts.read)) {
    if (isSecretVariable(name)) guard(value, credentials)
    else guard(passwordOfUrl(value) ?? '', credentials)
  }
  const forbidden = (url: string): ReadonlySet<string> => {
    const tokens = keeper.tokens.filter(({ id, credentials: { kind } }) => {
      if (kind === 'none') return false
      known.learn(id)
      return !keeper.mayReceiveToken(url, id)
    })
    const own = mayReceive(url) ? [] : [...credentials, ...written]
    return new Set([...own, ...tokens.map(({ id }) => id)])
  }
  return {
    mayReceive,
    isAllowed,
    stray(url, reads) {
      if (isAllowed(url)) return undefined
      const secrets = forbidden(url)
      const isHome = mayReceive(url)
      if (isHome && secrets.size === 0) return undefined
      for (const read of reads) {
        if (isOfPlace(read, url)) continue
        if (!isHome && isCredential(read)) return read
        const text = typeof read.value === 'object' ? jsonText(read.value) : String(read.value)
        if (holds(text, secrets, known.rename)) return read
      }
      return undefined
    },
    learn(request, { status, headers, body }) {
      if (status >= 300 || !mayReceive(request.url)) return
      for (const name of ['X-Subject-Token', 'X-Auth-Token', 'X-Storage-Token'])
        guard(headerOf(headers, name)?.trim() ?? '', written)
      const [place = ''] = request.url.split('?')
      if (place === environment.OS_DISCOVERY_ENDPOINT)
        homes.add(originOf(String(valueAt(parseJson(body), ['token_endpoint']))))
      const identity = /^(.*)\/auth\/tokens$/.exec(place)?.[1]
      if (request.method !== 'POST' || identity === undefined || !identities.some(isIdentity(identity)))
        return
      const catalog = valueAt(parseJson(body), ['token', 'catalog'])
      if (!Array.isArray(catalog)) return
      for (const { endpoints } of parseCatalog(catalog))
        for (const { url } of endpoints) homes.add(originOf(url))
    },
  }
}

/**
 * Refuses a URL that would get a secret of somebody else among the values of these reads.
 *
 * @throws OsrunError ORIGIN_REFUSED
 */
export function refuseStray(
  homes: SecretHomes,
  url: string,
  reads: Iterable<SentRead>,
  locate: (path: DataPath) => Position,
): void {
  const stray = homes.stray(url, reads)
  if (stray === undefined) return
  const { path, name, place } = stray
  throw strayed(
    path[0] === 'env' ? phrase`\$${String(path[1] ?? 'env')}` : phrase`What \${${name}} holds`,
    url,
    locate(place),
  )
}

/** The refusal of a secret that would go to an origin that is not its own. */
export function strayed(what: Phrase, url: string, at: Position): OsrunError {
  const origin = URL.canParse(url) ? new URL(url).origin : url
  return new OsrunError('ORIGIN_REFUSED', phrase`${what} is not for ${origin}, which is not its cloud's.`, {
    at,
    hint: phrase`If that server is to have it, allow it by --allow-origin ${origin}.`,
  })
}

function isIn(origins: ReadonlySet<string | undefined>, url: string): boolean {
  const origin = originOf(url)
  return origin !== undefined && origins.has(origin)
}

// A Keystone is named with or without its version.
function isIdentity(identity: string): (url: string) => boolean {
  return (url) => {
    const base = withoutEndSlashes(url)
    return identity === base || identity === `${base}/v3`
  }
}

function settingsOf(cloud: Cloud | undefined): readonly string[] {
  const options = new Set(gates.map((name) => name.toLowerCase()))
  return (cloud?.valueSources ?? []).flatMap(({ option, value }) => (options.has(option) ? [value] : []))
}

// By its place alone: however short the value is, and whatever else it is equal to.
function isCredential({ path: [root, name], value }: SentRead): boolean {
  return root === 'env' && (isSecretVariable(String(name)) || passwordOfUrl(String(value)) !== undefined)
}

// A URL with a secret in it, such as that of a hook, is for its own server.
function isOfPlace({ path: [root], value }: SentRead, url: string): boolean {
  const text = String(value)
  return root === 'env' && URL.canParse(text) && URL.canParse(url) && new URL(text).host === new URL(url).host
}

// Of what is too short to be looked for in texts, only the text itself.
function holds(
  text: string,
  secrets: ReadonlySet<string>,
  rename: (text: string, nameOf: (secret: string) => string) => string,
): boolean {
  if (secrets.has(text)) return true
  let isFound = false
  rename(text, (secret) => {
    isFound ||= secrets.has(secret)
    return ''
  })
  return isFound
}
