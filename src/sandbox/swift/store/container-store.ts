import { noteAccount, noteContainer } from './notes.ts'
import type { Account, Container, Metadata, Store } from './stored.ts'

/** Gives an account other metadata. */
export function changeAccount(account: Account, metadata: Metadata, store: Store): void {
  account.metadata = metadata
  noteAccount(account, store)
}

/** What a PUT or POST sets of a container; `versioning` undefined leaves it as it is. */
export type ContainerChange = { readonly metadata: Metadata; readonly versioning?: boolean | undefined }

/** A new container in the account. */
export function addContainer(
  account: Account,
  name: string,
  change: ContainerChange,
  store: Store,
): Container {
  const now = store.now()
  const container: Container = {
    account: account.name,
    name,
    created: now,
    changed: now,
    metadata: change.metadata,
    objects: new Map(),
    versioning: undefined,
    versions: undefined,
    newest: 0,
    bytes: 0,
    sorted: [],
  }
  setVersioning(container, change.versioning)
  account.containers.set(name, container)
  noteContainer(account, name, store)
  return container
}

/** Changes a container of the account. */
export function changeContainer(
  account: Account,
  container: Container,
  { metadata, versioning }: ContainerChange,
  store: Store,
): void {
  container.metadata = metadata
  container.changed = store.now()
  setVersioning(container, versioning)
  noteContainer(account, container.name, store)
}

function setVersioning(container: Container, versioning: boolean | undefined): void {
  container.versioning = versioning ?? container.versioning
  if (container.versioning) container.versions ??= new Map()
}

/** Removes an empty container. */
export function removeContainer(account: Account, name: string, store: Store): void {
  account.containers.delete(name)
  noteContainer(account, name, store)
}
