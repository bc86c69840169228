import type { Secret } from '../identity/secret.ts'

/** Something with an id and a name: a domain or a role. */
export type Named = { readonly id: string; readonly name: string }

/** A project of a domain; an administrator changes it in its place, so that all who know it see that. */
export type Project = {
  readonly id: string
  name: string
  readonly domain: Named
  readonly parentId: string
  description: string
  enabled: boolean
  tags: readonly string[]
}

/** Somebody who may log in; an administrator changes him in his place, so that his tokens see that. */
export type User = {
  readonly id: string
  name: string
  readonly domain: Named
  /** Undefined for who has no password. */
  secret: Secret | undefined
  /** Whether he got the password from somebody: otherwise it is the one with which the sandbox starts. */
  hasOwnSecret: boolean
  enabled: boolean
  /** The scope of a login that asks for none. */
  defaultProject: string | undefined
  /** What else is said of him, such as an address: shown as it was given. */
  extra: Readonly<Record<string, unknown>>
  /** Key of one-time codes. */
  readonly totpKey?: Buffer | undefined
  /** Sets of methods; one of the sets has to be complete. Without any, one method is enough. */
  readonly authRules?: readonly (readonly string[])[] | undefined
  /** Roles by `project:ID`, `domain:ID` or `system`. */
  readonly roles: Map<string, readonly Named[]>
}

/** Lets the trustee act in a project as the trustor. */
export type Trust = {
  readonly id: string
  readonly trustor: User
  readonly trustee: User
  readonly project: Project
  readonly roles: readonly Named[]
}

/** Who and what there is, by id. Only the functions of directory.ts change it, and tell the keeper. */
export type Directory = {
  readonly domains: readonly Named[]
  readonly roles: readonly Named[]
  readonly trusts: readonly Trust[]
  readonly projects: Map<string, Project>
  readonly users: Map<string, User>
}
