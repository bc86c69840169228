import type { TlsOptions } from './exchange.ts'

/** A domain, project or user by id or by name; the id wins where both are there. */
export type IdOrName = { readonly id?: string; readonly name?: string }
/** A project or user, in its domain where the name needs one. */
export type InDomain = IdOrName & { readonly domain?: IdOrName }

/** What a token is to be good for. `default`: the scope is left out and Keystone decides. */
export type Scope =
  | { readonly kind: 'default' }
  | { readonly kind: 'unscoped' }
  | { readonly kind: 'project'; readonly project: InDomain }
  | { readonly kind: 'domain'; readonly domain: IdOrName }
  | { readonly kind: 'system' }
  | { readonly kind: 'trust'; readonly id: string }

/** The identity methods that osrun can put into `auth.identity.methods`. */
export type IdentityMethod =
  | { readonly kind: 'password'; readonly user: InDomain; readonly password: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'totp'; readonly user: InDomain; readonly passcode: string }
  | {
      readonly kind: 'application_credential'
      readonly credential: IdOrName
      readonly user?: InDomain
      readonly secret: string
    }

/** How the cloud lets one in. */
export type Credentials =
  | {
      readonly kind: 'keystone'
      readonly authUrl: string
      readonly methods: readonly IdentityMethod[]
      readonly scope: Scope
    }
  | { readonly kind: 'none'; readonly endpoint: string }
  | {
      readonly kind: 'http_basic'
      readonly endpoint: string
      readonly username: string
      readonly password: string
    }
  | { readonly kind: 'admin_token'; readonly endpoint: string; readonly token: string }

/** Where a value of the cloud came from: "--region", "OS_REGION_NAME", "clouds.yaml:12", "default". */
export type ValueSource = {
  readonly option: string
  /** The value as text; a secret one is never here. */
  readonly value: string
  readonly secret: boolean
  readonly from: string
  /** Set when a shell variable of the caller holds exactly this value. */
  readonly variable?: string
}

/** A cloud with all questions settled: who asks, where, for what. */
export type Cloud = {
  /** The name in clouds.yaml, "sandbox", or undefined for one made of the environment. */
  readonly name: string | undefined
  readonly credentials: Credentials
  readonly region: string | undefined
  /** In order of preference. */
  readonly interfaces: readonly string[]
  readonly tls: TlsOptions
  /** Endpoint overrides by official service type, with `%(project_id)s` still in them. */
  readonly endpointOverrides: Readonly<Record<string, string>>
  /**
   * Variables of proxies that its openrc file sets, or takes away, which is undefined: they come before those of the
   * environment.
   */
  readonly proxies?: Readonly<Record<string, string | undefined>>
  /** Where each of its values came from. */
  readonly valueSources: readonly ValueSource[]
  /** The files that were read for it, in that order. */
  readonly files: readonly string[]
  /** Sentences for the user: what was ignored, and why. */
  readonly notes: readonly string[]
}
