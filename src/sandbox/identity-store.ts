import { randomBytes, randomUUID } from 'node:crypto'
import type { User } from './seed.ts'
import { trusts, users } from './seed.ts'

/** What a token is for. */
export type TokenScope =
  | { readonly kind: 'unscoped' }
  | { readonly kind: 'project'; readonly id: string; readonly roles: readonly string[] }
  | { readonly kind: 'domain'; readonly id: string; readonly roles: readonly string[] }
  | { readonly kind: 'system'; readonly roles: readonly string[] }

/** A token that was given out. Times are epoch milliseconds. */
export type IssuedToken = {
  readonly id: string
  readonly user: User
  readonly scope: TokenScope
  readonly methods: readonly string[]
  readonly auditIds: readonly string[]
  readonly issuedAt: number
  readonly expiresAt: number
  readonly applicationCredential?: ApplicationCredential
  readonly trust?: string
  revoked: boolean
}

/** An application credential. */
export type ApplicationCredential = {
  readonly id: string
  readonly name: string
  readonly secret: string
  readonly description: string | null
  readonly userId: string
  readonly projectId: string
  readonly roles: readonly string[]
  readonly unrestricted: boolean
  readonly expiresAt: string | null
}

/** All that Keystone remembers. */
export type IdentityStore = {
  readonly tokens: Map<string, IssuedToken>
  readonly receipts: Map<
    string,
    { readonly user: User; readonly methods: readonly string[]; readonly expiresAt: number }
  >
  readonly applicationCredentials: Map<string, ApplicationCredential>
  now(): number
  issue(
    token: Pick<IssuedToken, 'user' | 'scope' | 'methods'> & Partial<IssuedToken>,
    parentAudit?: string,
  ): IssuedToken
  /** The token, if it is good now. */
  live(id: string | undefined): IssuedToken | undefined
}

/** Makes an empty store. */
export function createIdentityStore(now: () => number, tokenLifeSeconds: number): IdentityStore {
  const tokens = new Map<string, IssuedToken>()
  return {
    tokens,
    receipts: new Map(),
    applicationCredentials: new Map(),
    now,
    issue(token, parentAudit) {
      const at = now()
      // Keystone cuts the end of a token's life to whole seconds.
      const expiresAt = Math.floor((at + tokenLifeSeconds * 1000) / 1000) * 1000
      const issued: IssuedToken = {
        id: `gAAAAA${randomBytes(133).toString('base64url').slice(0, 177)}`,
        auditIds: [
          randomBytes(16).toString('base64url'),
          ...(parentAudit === undefined ? [] : [parentAudit]),
        ],
        issuedAt: at,
        expiresAt,
        revoked: false,
        ...token,
      }
      tokens.set(issued.id, issued)
      if (tokens.size > 10_000) dropExpired(tokens, at)
      return issued
    },
    live(id) {
      const token = id === undefined ? undefined : tokens.get(id.trim())
      return token !== undefined && !token.revoked && token.expiresAt > now() ? token : undefined
    },
  }
}

function dropExpired(tokens: Map<string, IssuedToken>, now: number): void {
  for (const [id, token] of tokens) if (token.expiresAt <= now) tokens.delete(id)
}

/** A new id as Keystone makes them. */
export function newId(): string {
  return randomUUID().replaceAll('-', '')
}

/** The user of that id. */
export function userById(id: string): User | undefined {
  return users.find((user) => user.id === id)
}

/** The trust of that id. */
export function trustById(id: string): (typeof trusts)[number] | undefined {
  return trusts.find((trust) => trust.id === id)
}
