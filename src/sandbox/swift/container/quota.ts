import type { Call } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { text } from '../answer.ts'
import type { Container } from '../store/stored.ts'

/** Refuses a quota that is no number: https://docs.openstack.org/swift/latest/middleware.html#container-quotas */
export function refuseQuota(call: Call): Reply | undefined {
  const kind = ['Bytes', 'Count'].find((one) =>
    /[^0-9]/.test(call.header(`X-Container-Meta-Quota-${one}`) ?? ''),
  )
  return kind === undefined ? undefined : text(400, `Invalid ${kind.toLowerCase()} quota.`)
}

/** Refuses an object of that many bytes which the container has no room for; one in the place of another counts too. */
export function overQuota(container: Container | undefined, size: number): Reply | undefined {
  const most = (kind: string): number => {
    const quota = container?.metadata.get(`X-Container-Meta-Quota-${kind}`)
    return quota === undefined ? Number.POSITIVE_INFINITY : Number(quota)
  }
  if (container === undefined) return undefined
  const isOver = container.bytes + size > most('Bytes') || container.objects.size + 1 > most('Count')
  return isOver ? text(413, 'Upload exceeds quota.') : undefined
}
