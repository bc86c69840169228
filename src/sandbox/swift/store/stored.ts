import type { Keeper } from '../../keeper.ts'
import type { Bodies, Body } from './bodies.ts'

/** Header values by their names as they are shown. */
export type Metadata = ReadonlyMap<string, string>

/** A segment of a static large object, with the fields that Swift shows and stores. */
export type Segment =
  | { readonly data: string }
  | {
      readonly name: string
      readonly bytes: number
      readonly hash: string
      readonly content_type: string
      readonly last_modified: string
      /** Both ends are part of it: `1-2`. */
      readonly range?: string
      readonly sub_slo?: true
    }

/** Where a symbolic link leads, percent-encoded as it is shown. */
export type Link = {
  /** `container/object`. */
  readonly target: string
  /** Unless given, that of the link. */
  readonly account?: string
  /** The only ETag that the target may have, and with it the target's length. */
  readonly etag?: string
  readonly bytes?: number
  /** The target's ETag as a large object. */
  readonly sloEtag?: string
}

/** An object. Times are milliseconds since 1970. */
export type StoredObject = Body & {
  readonly contentType: string
  /** X-Object-Meta-* and the few other headers that Swift keeps. */
  readonly metadata: Metadata
  readonly timestamp: number
  /** Of a static large object, whose parts are the manifest's JSON: the segments, their ETag and their length. */
  readonly manifest?: { readonly segments: readonly Segment[]; readonly etag: string; readonly total: number }
  /** Of a symbolic link, which has no bytes of its own: where it leads. */
  readonly link?: Link
  /** Of a current object: the version that it stands for, which holds its bytes. */
  readonly version?: string
}

/** A container. */
export type Container = {
  /** The account's name. */
  readonly account: string
  readonly name: string
  readonly created: number
  changed: number
  metadata: Metadata
  readonly objects: Map<string, StoredObject>
  /** The last X-Versions-Enabled. */
  versioning: boolean | undefined
  /** The versions of each name, the newest first; undefined where there never were any. */
  versions: Map<string, readonly Version[]> | undefined
  /** The time of the newest version; 0 for none. */
  newest: number
  /** Of all objects and all versions. */
  bytes: number
  /** In the order of their UTF-8 bytes; undefined after a change. */
  sorted: readonly string[] | undefined
}

/** An account: the object store of a project in a region. */
export type Account = {
  readonly name: string
  readonly created: number
  metadata: Metadata
  readonly containers: Map<string, Container>
}

/** The object store of a region. */
export type Store = {
  readonly region: string
  readonly bodies: Bodies
  /** Undefined where nothing is kept. Only the files `*store.ts` change what is stored, and tell it. */
  readonly keeper: Keeper | undefined
  now(): number
  /** The account; made when it is not there. */
  account(name: string): Account
  /** The account, if somebody has used it. */
  known(name: string): Account | undefined
  /** Puts an account of an earlier run back. */
  restore(account: Account): void
}

/** An object as it was from its time on: https://docs.openstack.org/swift/latest/middleware.html#object-versioning */
type Version = { readonly id: string; readonly object: StoredObject }
