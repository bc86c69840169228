/** What two runs of the same recipe never have in common: values that are replaced, or paths that are left out. */
export type DiffRule = {
  readonly name: string
  readonly meaning: string
  /** The paths that are left out. */
  readonly path?: RegExp
  /** What is replaced in texts before they are compared. */
  readonly text?: RegExp
  /** Paths at which texts stay as they are. */
  readonly except?: RegExp
}

/** The rules of `osrun diff`, in the order in which they are used. */
export const diffRules: readonly DiffRule[] = [
  {
    name: 'date-headers',
    meaning: 'headers that tell the time of an answer or of an object',
    path: /\.headers\.(date|last-modified|expires|age|x-timestamp|x-openstack-request-time)$/,
  },
  {
    name: 'request-ids',
    meaning: 'headers with the id of a request or of a connection',
    path: /\.headers\.(x-openstack-request-id|x-compute-request-id|x-trans-id|x-request-id|keep-alive|connection|user-agent)$/,
  },
  {
    name: 'audit-ids',
    meaning: 'the audit ids of tokens',
    path: /\.audit_ids(\.|$)/,
  },
  {
    name: 'times',
    meaning: 'times as ISO 8601 writes them, and as HTTP does',
    text: /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT/g,
  },
  {
    name: 'request-id-texts',
    meaning: 'ids of requests within texts: req-…, tx…',
    text: /\breq-[0-9a-f-]{36}\b|\btx[0-9a-f]{21}-[0-9a-f]{10}\S*/g,
  },
  {
    name: 'ids',
    meaning: 'UUIDs, with and without dashes; not what is at etag, hash, md5 and checksum',
    except: /(etag|hash|md5|checksum)$/,
    text: /\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b/g,
  },
  {
    name: 'loopback-ports',
    meaning: 'the ports of the own machine, which the sandbox changes each time',
    text: /(?<=(127\.0\.0\.1|localhost|\[::1\]):)\d+/g,
  },
]
