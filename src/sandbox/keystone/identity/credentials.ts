import type { Named, Project, Trust, User } from '../people/people.ts'
import type { Secret } from './secret.ts'

/** What a token is for. */
export type Scope =
  | { readonly kind: 'unscoped' }
  | { readonly kind: 'project'; readonly project: Project }
  | { readonly kind: 'domain'; readonly domain: Named }
  | { readonly kind: 'system' }

/** A token that was given out. Times are milliseconds since 1970. */
export type Token = {
  readonly id: string
  readonly user: User
  readonly methods: readonly string[]
  /** Its own, then that of the first token of its chain. */
  readonly auditIds: readonly string[]
  readonly issuedAt: number
  expiresAt: number
  readonly scope: Scope
  readonly roles: readonly Named[]
  readonly applicationCredential?: ApplicationCredential
  readonly trust?: Trust
  revoked: boolean
}

/** A request for which an application credential is good. */
export type AccessRule = {
  readonly id: string
  readonly service: string
  readonly path: string
  readonly method: string
}

/** An application credential. */
export type ApplicationCredential = {
  readonly id: string
  readonly name: string
  readonly description: string | undefined
  readonly secret: Secret
  readonly user: User
  readonly project: Project
  readonly roles: readonly Named[]
  readonly unrestricted: boolean
  /** The only requests for which it is good; undefined for all. */
  readonly accessRules?: readonly AccessRule[] | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt: number | undefined
}

/** A pair of keys, which Keystone gives out for services that speak as Amazon's do; there is none here. */
export type Ec2Credential = {
  /** Ids. */
  readonly user: string
  readonly project: string
  readonly access: string
  readonly secret: string
}

/** What a login has shown so far, when more methods are wanted. */
export type Receipt = {
  readonly user: User
  readonly methods: readonly string[]
  readonly expiresAt: number
}

/** A token of an earlier run: its id is not known until somebody shows it. */
export type EarlierToken = Omit<Token, 'id'>
