/** One endpoint of a catalog, as Keystone gives it. */
export type CatalogEndpoint = {
  readonly id: string
  readonly interface: string
  /** `region_id`, else `region`, else undefined. */
  readonly region: string | undefined
  readonly url: string
}

/** One service of a catalog with its endpoints. */
export type CatalogService = {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly endpoints: readonly CatalogEndpoint[]
}

/** The services that a token opens, in Keystone's order. */
export type Catalog = readonly CatalogService[]

/** The endpoint that a recipe works with. */
export type Endpoint = {
  readonly url: string
  readonly region: string | undefined
  readonly interface: string
  /** The type as the catalog spells it. */
  readonly service: string
  readonly name: string
  /** Where a version was asked for: the one that the URL leads to, such as `3.14`. */
  readonly version?: string
  /** The microversions of that version, where its document tells them. */
  readonly min_version?: string
  readonly max_version?: string
}

/** A token and what Keystone says of it. */
export type Token = {
  readonly id: string
  /** As Keystone writes it, `2026-01-31T10:20:30.000000Z`, and with the Z also where Keystone leaves it out. */
  readonly expiresAt: string
  readonly issuedAt: string
  readonly methods: readonly string[]
  readonly user: {
    readonly id: string
    readonly name: string
    readonly domain: { readonly id: string; readonly name: string }
  }
  readonly project?: {
    readonly id: string
    readonly name: string
    readonly domain: { readonly id: string; readonly name: string }
  }
  readonly domain?: { readonly id: string; readonly name: string }
  readonly system: boolean
  readonly roles: readonly { readonly id: string; readonly name: string }[]
  readonly auditIds: readonly string[]
  /** Undefined when the token has none: unscoped, or asked for without. */
  readonly catalog: Catalog | undefined
  /** The server's clock, by its Date or else by `issued_at`, minus ours, in milliseconds; 0 when it did not tell. */
  readonly clockSkew: number
  /** When the token was issued, minus the server's clock in the same answer, in milliseconds; 0 when it did not tell. */
  readonly issueSkew: number
  /** The URL, ending in `/v3`, that gave the token. */
  readonly identityUrl: string
  /** The `token` object of Keystone's answer, whole. */
  readonly body: Readonly<Record<string, unknown>>
}
