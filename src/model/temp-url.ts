/** What is granted to whoever has the URL. */
export type TempUrlGrant = {
  /** The URL of an object, percent-encoded; a query that it has stays. */
  readonly url: string
  /** In capitals; GET, PUT and POST allow HEAD too. */
  readonly method: string
  readonly key: string
  /** Seconds since 1970. */
  readonly expires: number
  readonly digest: 'sha1' | 'sha256' | 'sha512'
  /** Grants every object whose name starts so; the URL's own must. */
  readonly prefix?: string
  /** An address or a network, such as `192.0.2.0/24`. */
  readonly ipRange?: string
}
