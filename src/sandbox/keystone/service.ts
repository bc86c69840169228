/** Where a service is reached. */
export type Endpoint = {
  readonly id: string
  readonly interface: string
  readonly region_id: string
  readonly url: string
  readonly region: string
}

/** A service of the catalog. */
export type Service = {
  readonly endpoints: readonly Endpoint[]
  readonly id: string
  readonly type: string
  readonly name: string
}
