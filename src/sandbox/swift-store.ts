import { createHash } from 'node:crypto'
import { photo } from './photo.ts'

/** Metadata by header name as it is shown. */
export type Metadata = Map<string, string>

/** An object. Times are epoch milliseconds. */
export type StoredObject = {
  readonly name: string
  readonly body: Buffer
  readonly etag: string
  readonly contentType: string
  readonly metadata: Metadata
  readonly timestamp: number
}

/** A container with its objects by name. */
export type Container = {
  readonly name: string
  readonly metadata: Metadata
  readonly objects: Map<string, StoredObject>
  readonly timestamp: number
}

/** An account with its containers by name. */
export type Account = {
  readonly metadata: Metadata
  readonly containers: Map<string, Container>
  readonly timestamp: number
}

/** All that Swift keeps in one region. */
export type SwiftStore = {
  now(): number
  account(project: string): Account
  /** Bytes of all bodies. */
  used(): number
  put(container: Container, object: StoredObject): void
  remove(container: Container, name: string): void
}

/** Makes a store; the workshop's account has the photo. */
export function createSwiftStore(now: () => number, photoProject: string): SwiftStore {
  const accounts = new Map<string, Account>()
  let used = 0
  const store: SwiftStore = {
    now,
    account(project) {
      const known = accounts.get(project)
      if (known) return known
      const made: Account = { metadata: new Map(), containers: new Map(), timestamp: now() }
      accounts.set(project, made)
      return made
    },
    used: () => used,
    put(container, object) {
      used += object.body.length - (container.objects.get(object.name)?.body.length ?? 0)
      container.objects.set(object.name, object)
    },
    remove(container, name) {
      used -= container.objects.get(name)?.body.length ?? 0
      container.objects.delete(name)
    },
  }
  const photos = createContainer('photos', now())
  store.account(photoProject).containers.set('photos', photos)
  const body = photo()
  store.put(photos, {
    name: 'fullsize/ovh-summit-2014-backstage-DS.jpg',
    body,
    etag: md5(body),
    contentType: 'image/jpeg',
    metadata: new Map([['X-Object-Meta-Mtime', '1424095540.000000']]),
    timestamp: now(),
  })
  return store
}

/** An empty container. */
export function createContainer(name: string, timestamp: number): Container {
  return { name, metadata: new Map(), objects: new Map(), timestamp }
}

/** MD5 in lower-case hex: Swift's ETag. */
export function md5(body: Buffer): string {
  return createHash('md5').update(body).digest('hex')
}
