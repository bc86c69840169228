import type { Reply } from '../../reply.ts'
import type { Doomed } from '../bulk/bulk-delete.ts'
import { deleteAll, refuseAll } from '../bulk/bulk-delete.ts'
import type { Operation } from '../operation.ts'
import { containerAt } from '../operation.ts'
import { findVersion } from '../store/version-store.ts'
import { idOf, versionAsked } from '../versions/version-request.ts'
import { splitName } from './large-object.ts'

/** How many segments may wait to be deleted, those of segments too: slo.py, MAX_BUFFERED_SLO_SEGMENTS. */
const mostWaiting = 10_000

/** DELETE with `multipart-manifest=delete`: the segments, those of segments that are manifests too, and the manifest. */
export async function deleteManifest(
  { call, place, store }: Pick<Operation, 'call' | 'place' | 'store'>,
  remove: (name: string, version?: string) => Promise<number>,
): Promise<Reply> {
  const version = versionAsked(call)
  const own = `/${place.container}/${place.object}`
  const doomed: Doomed[] = []
  const queue: { readonly name: string; readonly isManifest: boolean; readonly error?: Doomed['error'] }[] = [
    { name: own, isManifest: true },
  ]
  for (let next = queue.shift(); next !== undefined && doomed.length < 10_000; next = queue.shift()) {
    if (queue.length >= mostWaiting) return refuseAll(call, 'Too many buffered slo segments to delete.')
    const { name, isManifest, error } = next
    if (!isManifest) {
      doomed.push({ name, ...(error && { error }) })
      continue
    }
    const spot = { account: place.account, ...splitName(name) }
    const container = containerAt(spot, store)
    const stored =
      version !== undefined && name === own
        ? findVersion(container, spot.object, idOf(version))
        : container?.objects.get(spot.object)
    for (const segment of stored?.manifest?.segments ?? [])
      if (!('data' in segment)) queue.push({ name: segment.name, isManifest: segment.sub_slo === true })
    const fault =
      stored === undefined
        ? { status: 404, message: 'SLO manifest not found' }
        : stored.manifest === undefined
          ? { status: 400, message: 'Not an SLO manifest' }
          : undefined
    queue.push({ name, isManifest: false, ...(fault && { error: fault }) })
  }
  return deleteAll(call, doomed, (name) => remove(name, `/${name}` === own ? version : undefined))
}
