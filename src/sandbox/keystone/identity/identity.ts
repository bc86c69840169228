import { randomBytes } from 'node:crypto'
import type { Faults } from '../../faults/switchboard.ts'
import type { Keeper } from '../../keeper.ts'
import { createDirectory, there } from '../people/directory.ts'
import type { Directory } from '../people/people.ts'
import { firstCredential } from '../seed.ts'
import type {
  AccessRule,
  ApplicationCredential,
  EarlierToken,
  Ec2Credential,
  Receipt,
  Token,
} from './credentials.ts'
import { credentialRecord } from './records.ts'
import { secretOf } from './secret.ts'
import type { TokenStore } from './token-store.ts'
import { createTokenStore } from './token-store.ts'

/** All that the small Keystone remembers. */
export type Identity = {
  readonly directory: Directory
  readonly tokens: TokenStore
  readonly receipts: Map<string, Receipt>
  readonly credentials: Map<string, ApplicationCredential>
  /** Those that users have, by their ids: they stay when no application credential has them any more. */
  readonly accessRules: Map<string, AccessRule & { readonly user: string }>
  /** By their access keys. */
  readonly ec2Credentials: Map<string, Ec2Credential>
  /** Undefined where nothing is kept. */
  readonly keeper: Keeper | undefined
  /** Where the sandbox listens, `http://127.0.0.1:PORT`. */
  readonly base: string
  readonly tokenLife: number
  readonly faults: Faults
  now(): number
  /** The token with that id, when it is good now. */
  live(id: string | undefined): Token | undefined
  /** The token with that id, when a service takes it: it may have asked about it a while ago. */
  accept(id: string | undefined): Token | undefined
  /** Lets every token end now. */
  expireTokens(): void
}

/** Milliseconds for which Keystone still tells of a token after its end, when asked with allow_expired: two days. */
export const toldAfterEnd = 172_800_000

/** What the small Keystone is made of. */
export type IdentityOptions = Pick<Identity, 'base' | 'now' | 'faults' | 'keeper'> & {
  readonly tokenLifeSeconds: number
  /** Of everybody, and the secret of the first application credential; each has an own one unless given. */
  readonly password: string | undefined
  /** What an earlier run has left: without it there is the first application credential, and no token. */
  readonly earlier?: EarlierIdentity | undefined
}

/** The credentials by their ids and the tokens by the SHA-256 of theirs, of an earlier run. */
export type EarlierIdentity = Pick<
  Identity,
  'directory' | 'credentials' | 'accessRules' | 'ec2Credentials'
> & {
  readonly tokens: Map<string, EarlierToken>
}

/** A Keystone with its users. */
export function createIdentity(options: IdentityOptions): Identity {
  const { base, now, faults, password, keeper, earlier } = options
  const directory = earlier?.directory ?? createDirectory(password)
  const tokens = createTokenStore(keeper, earlier?.tokens)
  tokens.forget(now() - toldAfterEnd)
  // When a service last asked Keystone about a token.
  const validated = new WeakMap<Token, number>()
  return {
    base,
    directory,
    tokens,
    receipts: new Map(),
    credentials: earlier?.credentials ?? firstCredentials(password, directory, keeper),
    accessRules: earlier?.accessRules ?? new Map(),
    ec2Credentials: earlier?.ec2Credentials ?? new Map(),
    tokenLife: options.tokenLifeSeconds * 1000,
    faults,
    keeper,
    now,
    live(id) {
      const token = tokens.find(id ?? '')
      return token !== undefined && isLive(token, now()) ? token : undefined
    },
    accept(id) {
      const token = tokens.find(id ?? '')
      if (token === undefined || token.expiresAt <= now() || faults.refusesToken()) return undefined
      const isCached = (validated.get(token) ?? Number.NEGATIVE_INFINITY) + faults.validationCache() > now()
      if (!isCached && !token.revoked) validated.set(token, now())
      return isCached || !token.revoked ? token : undefined
    },
    expireTokens: () => tokens.expire(now()),
  }
}

/** Whether a token is good at that time. */
export function isLive({ revoked, expiresAt }: EarlierToken, now: number): boolean {
  return !revoked && expiresAt > now
}

function firstCredentials(
  password: string | undefined,
  directory: Directory,
  keeper: Keeper | undefined,
): Map<string, ApplicationCredential> {
  const first: ApplicationCredential = {
    ...firstCredential,
    user: there(directory.users.get(firstCredential.user.id)),
    project: there(directory.projects.get(firstCredential.project.id)),
    secret: secretOf(password ?? firstCredential.secret),
    description: undefined,
    unrestricted: false,
    expiresAt: undefined,
  }
  keeper?.note(['credential', first.id], credentialRecord(first))
  return new Map([[first.id, first]])
}

/** Looks like a Fernet token: `gAAAAA`, then URL-safe base64. */
export function fernetLike(length: number): string {
  return `gAAAAA${randomBytes(length)
    .toString('base64url')
    .slice(0, length - 6)}`
}

/** A time as Keystone writes it: UTC, six digits after the dot. */
export function keystoneTime(time: number): string {
  return new Date(time).toISOString().replace(/(\.\d{3})Z$/, '$1000Z')
}

/** A time as Python's isoformat writes it: UTC without a zone, six digits after the dot; Keystone knows microseconds. */
export function microsecondTime(time: number): string {
  const whole = Math.floor(time)
  const beyond = Math.round((time - whole) * 1000)
  return new Date(whole).toISOString().replace('Z', String(beyond).padStart(3, '0'))
}
