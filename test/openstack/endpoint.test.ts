import { describe, expect, test } from 'vitest'
import type { CatalogService } from '../../src/model/token.ts'
import { type EndpointWish, findEndpoint } from '../../src/openstack/catalog/endpoint.ts'
import { parseCatalog } from '../../src/openstack/catalog/parse-catalog.ts'

function service(type: string, name: string, ...endpoints: readonly string[]): CatalogService {
  return {
    id: `${type}-id`,
    type,
    name,
    endpoints: endpoints.map((one) => {
      const [face = '', region = ''] = one.split('@')
      const place = region === '' ? undefined : region
      return {
        id: one,
        interface: face,
        region: place,
        url: `http://${type}.${face}.${region || 'all'}.test`,
      }
    }),
  }
}

const catalog = [
  service('volumev2', 'cinderv2', 'public@R1'),
  service('volumev3', 'cinder', 'public@R1', 'internal@R1'),
  service('object-store', 'swift', 'public@R1', 'public@R2'),
  service('custom', 'own'),
  service('everywhere', '', 'public'),
  service('my_own', 'mine', 'public@R1'),
]

function find(wish: Partial<EndpointWish> & { readonly service: string }, from = catalog) {
  return findEndpoint(from, { region: undefined, interfaces: [], ...wish })
}

test.each<[Partial<EndpointWish> & { readonly service: string }, string]>([
  [{ service: 'block-storage' }, 'http://volumev3.public.R1.test'],
  [{ service: 'block_storage' }, 'http://volumev3.public.R1.test'],
  [{ service: 'volumev2' }, 'http://volumev2.public.R1.test'],
  [{ service: 'volumev3' }, 'http://volumev3.public.R1.test'],
  [{ service: 'volumev3', interfaces: ['internalURL'] }, 'http://volumev3.internal.R1.test'],
  [{ service: 'volumev3', interfaces: ['admin', 'internal', 'public'] }, 'http://volumev3.internal.R1.test'],
  [{ service: 'block-storage', interfaces: ['internal'] }, 'http://volumev3.internal.R1.test'],
  [{ service: 'object-store' }, 'http://object-store.public.R1.test'],
  [{ service: 'object-store', region: 'R2' }, 'http://object-store.public.R2.test'],
  [{ service: 'object-store', serviceName: 'swift' }, 'http://object-store.public.R1.test'],
  [{ service: 'everywhere', serviceName: 'any' }, 'http://everywhere.public.all.test'],
  [{ service: 'my_own' }, 'http://my_own.public.R1.test'],
])('%o is found', (wish, url) => {
  expect(find(wish)).toMatchObject({ endpoint: { url }, notes: [] })
})

test.each<[Partial<EndpointWish> & { readonly service: string }, string, RegExp]>([
  [
    { service: 'volume' },
    'public endpoint for volume service not found.',
    /volumev3.*Did you mean volumev2\?/,
  ],
  [
    { service: 'object-store', region: 'r1' },
    'public endpoint for object-store service in r1 region not found.',
    /R1, R2.*Did you mean R1\?/,
  ],
  [
    { service: 'object-store', serviceName: 'Swift' },
    'public endpoint for object-store service named Swift not found.',
    /by the name swift.*Did you mean swift\?/,
  ],
  [
    { service: 'object-store', interfaces: ['PUBLIC'] },
    'PUBLIC endpoint for object-store service not found.',
    /interfaces public.*Did you mean public\?/,
  ],
  [
    { service: 'object-store', region: 'R2', interfaces: ['admin', 'internal'] },
    'admin or internal endpoint for object-store service in R2 region not found.',
    /interfaces public\./,
  ],
  [{ service: 'custom' }, 'public endpoint for custom service not found.', /without any endpoint/],
  [
    { service: 'everywhere', region: 'R1' },
    'public endpoint for everywhere service in R1 region not found.',
    /names no region for/,
  ],
  [
    { service: 'block-storage', region: 'R9' },
    'public endpoint for block-storage service in R9 region not found.',
    /regions R1\./,
  ],
  [{ service: 'compute' }, 'public endpoint for compute service not found.', /volumev2, .*, custom/],
])('%o is not found, and what exists is told', (wish, message, hint) => {
  expect(() => find(wish)).toThrow(
    expect.objectContaining({ code: 'ENDPOINT_NOT_FOUND', message, hint: expect.stringMatching(hint) }),
  )
})

test('a region of compute is nearest to the one of the object store', () => {
  const regions = [service('object-store', 'swift', 'public@SBG', 'public@GRA', 'public@BHS')]
  expect(() => find({ service: 'object-store', region: 'GRA7' }, regions)).toThrow(
    expect.objectContaining({
      message: 'public endpoint for object-store service in GRA7 region not found.',
      hint: expect.stringContaining('Did you mean GRA?'),
    }),
  )
})

test.each([
  ['swift', 'http://object-store.public.R1.test', 'object-store'],
  ['cinder', 'http://volumev3.public.R1.test', 'block-storage'],
])('the project name %s stands for its type, with a note', (name, url, type) => {
  const { endpoint, notes } = find({ service: name })
  expect(endpoint.url).toBe(url)
  expect(notes).toEqual([expect.stringContaining(`"${type}"`)])
})

test('the exact type goes before its aliases, and those go in the order of the table', () => {
  const both = [
    service('volume', 'a', 'public@R1'),
    service('volumev3', 'b', 'public@R1'),
    service('block-storage', 'c', 'public@R1', 'internal@R1'),
  ]
  expect(find({ service: 'block-storage' }, both).endpoint.name).toBe('c')
  expect(find({ service: 'volume' }, both).endpoint.name).toBe('a')
  expect(find({ service: 'volumev2' }, both).endpoint.name).toBe('c')
  expect(find({ service: 'block-storage' }, both.slice(0, 2)).endpoint.name).toBe('b')
  expect(find({ service: 'volume', interfaces: ['internal'] }, both).endpoint.name).toBe('c')
})

test.each([undefined, []])('the catalog %o is empty, and the scope is told', (empty) => {
  const wish = { service: 'object-store', region: undefined, interfaces: [], token: { user: { id: 'u' } } }
  expect(() => findEndpoint(empty, wish)).toThrow(
    expect.objectContaining({
      code: 'CATALOG_EMPTY',
      message: 'The service catalog is empty.',
      hint: expect.stringContaining('unscoped'),
    }),
  )
})

describe('an override', () => {
  const token = { user: { id: 'u1' }, project: { id: 'p1', name: 'demo' } }
  test.each([
    ['object-store', 'http://own.test/v1/AUTH_p1'],
    ['swift', 'http://own.test/v1/AUTH_p1'],
    ['object_store', 'http://own.test/v1/AUTH_p1'],
    ['volume', 'http://own.test/v3/p1/u1'],
  ])('of %s goes before the catalog, and needs none', (wanted, url) => {
    const overrides = {
      'object-store': 'http://own.test/v1/AUTH_%(project_id)s',
      'block-storage': 'http://own.test/v3/$(tenant_id)s/%(user_id)s',
    }
    for (const from of [catalog, undefined])
      expect(
        findEndpoint(from, { service: wanted, region: 'R9', interfaces: [], overrides, token }).endpoint.url,
      ).toBe(url)
  })

  test('that needs a project is refused where the token has none', () => {
    const overrides = { 'object-store': 'http://own.test/AUTH_%(project_id)s' }
    expect(() => find({ service: 'object-store', overrides, token: { user: { id: 'u' } } })).toThrow(
      expect.objectContaining({ code: 'ENDPOINT_NOT_FOUND', message: expect.stringContaining('unscoped') }),
    )
  })
})

describe('a catalog as Keystone sends it', () => {
  test('has the region by region_id or by region, and any name', () => {
    const endpoint = { id: 'e', interface: 'public', url: 'http://x.test' }
    expect(
      parseCatalog([
        {
          id: 's',
          type: 'a',
          endpoints: [
            { ...endpoint, region_id: 'R1', region: 'old' },
            { ...endpoint, region: 'R2' },
            { ...endpoint, region_id: null },
          ],
        },
      ]),
    ).toEqual([
      {
        id: 's',
        type: 'a',
        name: '',
        endpoints: ['R1', 'R2', undefined].map((region) => ({ ...endpoint, region })),
      },
    ])
  })

  test.each([[undefined], [null], ['text'], [{ a: 1 }], [[null, 1, 'x', [], {}, { type: 1 }, { type: '' }]]])(
    'that is %j has no service',
    (value) => {
      expect(parseCatalog(value)).toEqual([])
    },
  )

  test.each([[null], [{}], [{ url: '' }], [{ url: null, interface: 'public' }], ['x']])(
    'leaves out the endpoint %j',
    (endpoint) => {
      expect(parseCatalog([{ type: 'a', endpoints: [endpoint] }])[0]?.endpoints).toEqual([])
    },
  )

  test('with a template in a URL is broken, which is told', () => {
    const broken = parseCatalog([
      { type: 'a', endpoints: [{ interface: 'public', url: 'http://x.test/%(project_id)s' }] },
    ])
    expect(find({ service: 'a' }, [...broken]).notes).toEqual([expect.stringContaining('template')])
  })
})

test.each(['', '/', '///'])('an endpoint ends without a slash where the catalog has "%s"', (end) => {
  const slashed = catalog.map((one) => ({
    ...one,
    endpoints: one.endpoints.map((endpoint) => ({ ...endpoint, url: `${endpoint.url}/v2${end}` })),
  }))
  expect(find({ service: 'everywhere' }, slashed).endpoint.url).toBe('http://everywhere.public.all.test/v2')
})
