import { type Call, headerText } from '../call.ts'
import type { Reply } from '../reply.ts'
import { text } from './answer.ts'
import { cleanList } from './container/clean-list.ts'
import type { Metadata } from './store/stored.ts'
import { withLocation } from './versions/versions-location.ts'

/** The largest that metadata may be: https://docs.openstack.org/api-ref/object-store/#limits */
const limits = { name: 128, value: 256, count: 90, total: 4096, header: 8192 }

/** Refuses metadata that is too long or too much. */
export function refuseMetadata(call: Call, kind: 'account' | 'container' | 'object'): Reply | undefined {
  const prefix = `x-${kind}-meta-`
  let [count, total] = [0, 0]
  for (const [header, value] of call.headers) {
    if (value.length > limits.header)
      return bad(`Header value too long: ${titleCase(header).slice(0, limits.name)}`)
    const full = titleCase(header)
    const list = kind === 'container' && isAccessHeader(full) ? cleanList(full, value) : ''
    if (typeof list === 'object') return text(400, list.error)
    if (!header.toLowerCase().startsWith(prefix)) continue
    const name = full.slice(prefix.length)
    count++
    total += name.length + value.length
    if (name === '') return bad('Metadata name cannot be empty')
    if (kind !== 'object' && [name, value].some((one) => headerText(one) === undefined))
      return bad('Metadata must be valid UTF-8')
    if (name.length > limits.name) return bad(`Metadata name too long: ${prefix}${name}`)
    if (value.length > limits.value)
      return bad(`Metadata value longer than ${limits.value}: ${prefix}${name}`)
    if (count > limits.count) return bad(`Too many metadata items; max ${limits.count}`)
    if (total > limits.total) return bad(`Total metadata too large; max ${limits.total}`)
  }
  return undefined
}

/** The metadata after a PUT or POST of an account or container: new values over old ones, empty ones removed; 400 for too much. */
export function mergeMetadata(call: Call, kind: 'account' | 'container', old: Metadata): Metadata | Reply {
  const merged = new Map(old)
  const meta = `X-${titleCase(kind)}-Meta-`
  for (const [header, value] of call.headers) {
    const name = titleCase(header)
    const isList = kind === 'container' && isAccessHeader(name)
    const kept = name.startsWith(meta) || isList || (kind === 'container' && name === 'X-Container-Sync-Key')
    if (name.startsWith('X-Remove-')) merged.delete(`X-${name.slice('X-Remove-'.length)}`)
    else if (kept && value === '') merged.delete(name)
    else if (kept) merged.set(name, isList ? String(cleanList(name, value)) : value)
  }
  return tooMuch(merged, meta) ?? (kind === 'container' ? withLocation(call, merged) : merged)
}

// What was there before counts, too.
function tooMuch(metadata: Metadata, prefix: string): Reply | undefined {
  const own = [...metadata].filter(([name]) => name.startsWith(prefix))
  const total = own.reduce((sum, [name, value]) => sum + name.length - prefix.length + value.length, 0)
  if (own.length > limits.count) return text(400, `Too many metadata items; max ${limits.count}`)
  return total > limits.total ? text(400, `Total metadata too large; max ${limits.total}`) : undefined
}

function isAccessHeader(name: string): name is 'X-Container-Read' | 'X-Container-Write' {
  return name === 'X-Container-Read' || name === 'X-Container-Write'
}
const kept = [
  'Cache-Control',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Expires',
  'X-Object-Manifest',
  'X-Robots-Tag',
]

/** The metadata of an object after a PUT or POST: what the request has, and nothing of before. */
export function objectMetadata(call: Call): Metadata {
  const named = call.headers.map(([header, value]): [string, string] => [titleCase(header), value])
  return new Map(named.filter(([name]) => name.startsWith('X-Object-Meta-') || kept.includes(name)))
}

/** A header's name as Swift shows it: `x-object-meta-foo_bar` is `X-Object-Meta-Foo-Bar`. */
function titleCase(name: string): string {
  return name
    .replaceAll('_', '-')
    .toLowerCase()
    .replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())
}

function bad(message: string): Reply {
  return text(400, message, 'text/plain')
}
