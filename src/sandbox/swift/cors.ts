import type { Call, Header } from '../call.ts'
import type { Reply } from '../reply.ts'
import { empty } from './answer.ts'
import type { Place } from './place.ts'
import { methodsOf } from './place.ts'
import type { Container } from './store/stored.ts'

const simple = [
  'cache-control',
  'content-language',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
  'etag',
  'x-timestamp',
  'x-trans-id',
  'x-openstack-request-id',
]

/** OPTIONS, with which a browser asks first: https://docs.openstack.org/swift/latest/cors.html */
export function preflight(call: Call, place: Place, container: Container | undefined): Reply {
  const allowed = methodsOf(place)
  const withCopy = (methods: readonly string[]): string =>
    [...methods, ...(place.object === '' ? [] : ['COPY'])].join(', ')
  const plain = empty(200, [['Allow', withCopy(allowed)]])
  const origin = call.header('Origin')
  if (!origin || place.container === '') return plain
  const granted = grantedTo(origin, container)
  if (granted === undefined || !allowed.includes(call.header('Access-Control-Request-Method') ?? ''))
    return { ...empty(401), headers: plain.headers }
  const age = settingOf(container, 'Max-Age')
  const asked = listed(call.header('Access-Control-Request-Headers'), ',')
  const varies = [
    ...(granted === '*' ? [] : ['Origin']),
    ...(asked.length > 0 ? ['Access-Control-Request-Headers'] : []),
  ]
  return {
    ...plain,
    headers: [
      ['Access-Control-Allow-Origin', granted],
      ...(age === undefined ? [] : [['Access-Control-Max-Age', age] as const]),
      ['Access-Control-Allow-Methods', withCopy(allowed)],
      ...(asked.length === 0
        ? []
        : [['Access-Control-Allow-Headers', [...new Set(asked)].join(', ')] as const]),
      ...(varies.length === 0 ? [] : [['Vary', varies.join(', ')] as const]),
    ],
  }
}

/** An answer as the pages of the request's origin may read it, where the container says so. */
export function allowOrigin(call: Call, container: Container | undefined, reply: Reply): Reply {
  const origin = call.header('Origin')
  const granted = origin ? grantedTo(origin, container) : undefined
  if (granted === undefined) return reply
  const own = reply.headers
    .map(([name]) => name.toLowerCase())
    .filter((name) => /^x-(container|object)-meta/.test(name))
  const exposed = new Set([
    ...simple,
    ...own,
    ...listed(settingOf(container, 'Expose-Headers'), ' ').map(lower),
  ])
  const headers: Header[] = [
    ...reply.headers,
    ['Access-Control-Expose-Headers', [...exposed].join(', ')],
    ['Access-Control-Allow-Origin', granted],
  ]
  return { ...reply, headers: granted === '*' ? headers : varying(headers) }
}

function varying(headers: readonly Header[]): readonly Header[] {
  const earlier = headers.find(([name]) => name === 'Vary')
  return [
    ...headers.filter((one) => one !== earlier),
    ['Vary', earlier === undefined ? 'Origin' : `${earlier[1]}, Origin`],
  ]
}

// Undefined for an origin that is not let in.
function grantedTo(origin: string, container: Container | undefined): string | undefined {
  const allowed = settingOf(container, 'Allow-Origin')
  if (allowed?.trim() === '*') return '*'
  const origins = listed(allowed, ' ')
  return origins.includes(origin) || origins.includes('*') ? origin : undefined
}

function settingOf(container: Container | undefined, name: string): string | undefined {
  return container?.metadata.get(`X-Container-Meta-Access-Control-${name}`)
}

function listed(text: string | undefined, separator: string): readonly string[] {
  return (text ?? '')
    .split(separator)
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function lower(text: string): string {
  return text.toLowerCase()
}
