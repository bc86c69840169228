import type { Account, Container, Store, StoredObject } from './stored.ts'

/** Notes what an account is. */
export function noteAccount({ name, created, metadata }: Account, { keeper, region }: Store): void {
  keeper?.note(['account', region, name], { created, metadata: [...metadata] })
}

/** Notes what a container is, or that it is gone; its objects apart. */
export function noteContainer(account: Account, name: string, { keeper, region }: Store): void {
  if (keeper === undefined) return
  const container = account.containers.get(name)
  keeper.note(['container', region, account.name, name], container && containerRecord(container))
}

/** Notes what the current object of a name is, or that it is gone. */
export function noteObject(container: Container, name: string, { keeper, region }: Store): void {
  if (keeper === undefined) return
  const object = container.objects.get(name)
  keeper.note(['object', region, container.account, container.name, name], object && objectRecord(object))
}

/** Notes what a version is, or that it is gone. */
export function noteVersion(container: Container, name: string, id: string, { keeper, region }: Store): void {
  if (keeper === undefined) return
  const version = container.versions?.get(name)?.find((one) => one.id === id)
  keeper.note(
    ['version', region, container.account, container.name, name, id],
    version && objectRecord(version.object),
  )
}

function containerRecord({ created, changed, metadata, versioning, versions }: Container): object {
  return {
    created,
    changed,
    metadata: [...metadata],
    versioning,
    hasVersions: versions !== undefined,
  }
}

// Bodies that are kept are in one file each, or empty.
function objectRecord({ parts: [part], metadata, ...object }: StoredObject): object {
  return { ...object, ...(part && 'file' in part && { file: part.file }), metadata: [...metadata] }
}
