import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, answeringServer } from '../run/answering-server.ts'
import { cloudOf, recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { runScript, shells } from './shell.ts'

const project = 'fee040b1c4d24aeb985c3cdea1c3f363'
const paths: Readonly<Record<string, string>> = {
  compute: '/compute/v2.1',
  'block-storage': `/volume/v2/${project}`,
  image: '/image/',
  dns: '/dns//',
  baremetal: '/baremetal',
  'object-store': `/v1/AUTH_${project}`,
}
const version = (id: string, href: string, more = {}): object => ({
  id,
  status: 'CURRENT',
  links: [{ rel: 'self', href }],
  ...more,
})
const documents: Readonly<Record<string, Answer>> = {
  '/image/': {
    status: 300,
    json: {
      versions: [
        version('v3.0', 'http://192.0.2.1/v3/', { status: 'EXPERIMENTAL' }),
        version('v2.9', '/image/v2/', { status: 'SUPPORTED' }),
        version('v2.15', 'http://192.0.2.1:9292/image/v2/'),
      ],
    },
  },
  '/volume/': {
    json: {
      versions: {
        values: [version('v3.0', '/volume/x/../v3/?a=b', { min_version: '3.0', version: '3.70' })],
      },
    },
  },
  '/baremetal/': {
    headers: {
      'X-OpenStack-Ironic-API-Minimum-Version': '1.1',
      'X-OpenStack-Ironic-API-Maximum-Version': '1.95',
    },
    json: { id: 'v1', links: [{ rel: 'self', href: 'v1/' }] },
  },
}

// Lists: what follows /list/ says which style of pages there is.
function list(style: string, marker: string | null): Answer {
  const names = ['a', 'b/ä &', 'c+']
  const from = !marker ? 0 : names.indexOf(marker) + 1
  const [one] = names.slice(from, from + 1)
  const more = from < names.length - 1
  const next = `http://192.0.2.1/elsewhere?marker=${encodeURIComponent(one ?? '').replaceAll('%2F', '/')}&l=%31#x`
  const items = one === undefined ? [] : [{ id: one, size: 1.5 }]
  switch (style) {
    case 'nova':
      return {
        json: {
          servers: items,
          ...(more && {
            servers_links: [
              { rel: 'self', href: 'x' },
              { rel: 'next', href: next },
            ],
          }),
        },
      }
    case 'keystone':
      return { json: { links: { next: more ? next : null, self: 'x' }, users: items, other: 'é' } }
    case 'glance':
      return {
        json: { images: items, ...(more && { next: `/v2/images?marker=${encodeURIComponent(one ?? '')}` }) },
      }
    case 'header':
      return { json: { things: items }, headers: more ? { Link: `<${next}>; rel="next"` } : {} }
    case 'swift':
      return { json: items.map(({ id }) => ({ name: id })) }
    case 'heat':
      return { json: { stacks: items } }
    case 'two':
      return { json: { ones: items, twos: [] } }
    case 'nested':
      return { json: { deep: { list: items, list_links: more ? [{ rel: 'next', href: next }] : [] } } }
    case 'endless':
      return { json: { servers: [{ id: 'x' }], next: `?marker=${marker === 'a' ? 'b' : 'a'}` } }
    case 'gone':
      return !marker ? { json: { servers: items, next: '?marker=a' } } : { status: 404, json: {} }
    case 'broken':
      return !marker ? { json: { servers: items, next: '?marker=a' } } : { status: 500, json: {} }
    case 'changed':
      return !marker
        ? { json: { servers: items, next: '?marker=a' } }
        : { json: { servers: { not: 'a list' } } }
    case 'moved':
      return { status: 302, headers: { Location: `/list/nova?marker=${encodeURIComponent(marker ?? '')}` } }
    default:
      return { status: 404, json: {} }
  }
}

let heard: string[] = []
let server: Awaited<ReturnType<typeof answeringServer>>
beforeAll(async () => {
  server = await answeringServer((_count, { method = '', url = '', headers }) => {
    const base = `http://${headers.host}`
    if (url === '/v3/auth/tokens')
      return method !== 'POST'
        ? { status: 204 }
        : {
            status: 201,
            headers: { 'X-Subject-Token': 'gAAAAABtoken-of-the-test' },
            json: {
              token: {
                methods: ['password'],
                user: { id: 'u', name: 'u', domain: { id: 'default', name: 'Default' } },
                project: { id: project, name: 'p', domain: { id: 'default', name: 'Default' } },
                roles: [],
                issued_at: new Date().toISOString(),
                expires_at: new Date(Date.now() + 3_600_000).toISOString(),
                catalog: Object.entries(paths).map(([type, path]) => ({
                  id: type,
                  type,
                  name: type,
                  endpoints: [
                    { id: type, interface: 'public', region: 'R', region_id: 'R', url: base + path },
                  ],
                })),
              },
            },
          }
    const asked = Object.entries(headers).filter(([name]) => /api-version$/.test(name))
    const site = headers.host?.endsWith('.example') ? [headers.host] : []
    heard.push([method, url, headers['x-auth-token'] ? 'token' : '-', ...asked.flat(), ...site].join(' '))
    const { pathname, searchParams } = new URL(url, base)
    if (pathname === '/elsewhere')
      return { status: 302, headers: { Location: `${server.url.replace('127.0.0.1', 'localhost')}/there` } }
    if (pathname === '/beside') return { status: 302, headers: { Location: `${server.url}/there` } }
    if (pathname === '/image/' && headers['x-auth-token'] === undefined) return { status: 401, json: {} }
    const style = /\/list\/(\w+)$/.exec(pathname)?.[1]
    if (style !== undefined) return list(style, searchParams.get('marker'))
    return documents[pathname] ?? { status: pathname.endsWith('/gone') ? 404 : 200, json: { pathname } }
  })
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  heard = []
})

const pages = (style: string, wanted = 'true', after = ''): string =>
  `  - pick-endpoint: compute\n  - request: { url: "/list/${style}?a=b%20c&${style === 'heat' ? 'limit=1' : 'marker='}", all-pages: ${wanted} }\n${after}`
const whole = (list: string, last: string, count = 3): string =>
  `  - assert: { status: 200, json: { "${list}": { minItems: 3, maxItems: 3 }, "${last}": c+ }, context: { response.pages: ${count} } }\n`
const pick = (service: string, wish: string, then = '/x'): string =>
  `  - request: "GET \${base}/before"\n  - pick-endpoint: { service: ${service}, version: ${wish} }\n  - assert: { json: { $.pathname: /before } }\n  - request: ${then}\n`

const cases: readonly (readonly [string, string, number])[] = [
  [
    "Nova's pages",
    pages(
      'nova',
      'true',
      `${whole('$.servers[*]', '$.servers[2].id')}  - assert: { size: 63, body: '{"servers":[{"id":"a","size":1.5},{"id":"b/ä &","size":1.5},{"id":"c+","size":1.5}],"servers_links":[{"rel":"self","href":"x"}]}' }\n`,
    ),
    4,
  ],
  ["Keystone's pages", pages('keystone', 'true', whole('$.users[*]', '$.users[2].id')), 0],
  [
    'the hash of all pages',
    pages('keystone', 'true', '  - assert: { md5: 00000000000000000000000000000000 }\n'),
    4,
  ],
  ["Glance's pages", pages('glance', 'true', whole('$.images[*]', '$.images[2].id')), 0],
  ['pages by the header Link', pages('header', 'true', whole('$.things[*]', '$.things[2].id')), 0],
  ["Swift's pages", pages('swift', 'true', whole('$[*]', '$[2].name', 4)), 0],
  ["Heat's pages", pages('heat', 'true', whole('$.stacks[*]', '$.stacks[2].id', 4)), 0],
  ['pages of a nested list', pages('nested', 'deep.list', whole('$.deep.list[*]', '$.deep.list[2].id')), 0],
  ['a list of two that is named', pages('two', 'ones'), 0],
  ['two lists', pages('two'), 4],
  ['no list', pages('nova', 'items'), 4],
  ['a list without an end', pages('endless'), 4],
  ['a page that is refused', pages('gone', 'true', '    defer: [{ request: /undo }]\n'), 4],
  [
    'a page that fails',
    pages('broken', 'true', '    capture: { first: "$.servers[0].id" }\n    defer: [{ request: /undo }]\n'),
    4,
  ],
  ['a page without the list', pages('changed', 'true', '    defer: [{ request: /undo }]\n'), 4],
  ['pages after a redirect', pages('moved', 'true', whole('$.servers[*]', '$.servers[2].id')), 0],
  [
    'pages that a deferred step asks for',
    '  - pick-endpoint: compute\n  - request: GET /a\n    defer: [{ request: { url: /list/nova, all-pages: true } }]\n',
    0,
  ],
  [
    'pages of each item',
    '  - pick-endpoint: compute\n  - for-each: [nova, glance]\n    request: { url: "/list/${item}", all-pages: true }\n',
    0,
  ],
  ['a version that the service tells of, asked for with the token', pick('image', '2'), 0],
  ['the latest version', pick('image', 'latest'), 0],
  ['a version that there is not', pick('image', '4'), 5],
  ['a version that is only experimental', pick('image', '3'), 5],
  ['a version that the URL carries', pick('compute', '2.1'), 0],
  [
    'a version beside the project',
    pick('block-storage', '3', '"/x/${endpoint.version}/${endpoint.max_version}"'),
    0,
  ],
  [
    'a version in words of one',
    pick('baremetal', '1', '"/x/${endpoint.min_version}/${endpoint.version}"'),
    0,
  ],
  ['a version without a document', pick('dns', '2'), 5],
  [
    'slashes where endpoints and paths meet',
    `  - pick-endpoint: dns
  - request: "GET \${endpoint}/a//b"
  - request: "GET \${endpoint}//c"
  - request: "GET \${endpoint}d"
  - request: "GET \${endpoint}\${env.WISH}"
  - request: "GET \${endpoint}?e=f"
  - request: "GET \${env.SLASHED}/g//h"
  - request: "GET \${env.SLASHED}i"
`,
    0,
  ],
  [
    'a Host of its own, and redirects',
    `  - pick-endpoint: compute
  - request: { url: "GET \${base}/a", headers: { Host: site.example } }
  - request: { url: "GET \${base}/beside", headers: { host: "\${env.WISH}.example" } }
  - request: { url: "GET \${base}/elsewhere", headers: { Host: site.example } }
`,
    0,
  ],
  ['a version of an object store', pick('object-store', '1.1'), 5],
  ['a version that is none', pick('image', '"${colour}"'), 3],
  [
    'a microversion of the endpoint',
    '  - pick-endpoint: compute\n  - request: { url: /x, microversion: 2.90 }\n  - pick-endpoint: { service: block-storage, as: volumes }\n  - request: { url: "${volumes}/x", microversion: latest }\n',
    0,
  ],
  [
    "a microversion of the catalog's service",
    '  - request: { url: "GET ${base}/baremetal/x", microversion: 1.50 }\n  - request: { url: "GET ${base}/compute/v2.1", microversion: "${env.WISH}" }\n',
    0,
  ],
  [
    'a microversion of a service by its project',
    '  - pick-endpoint: dns\n  - request: { url: /x, microversion: "nova ${env.WISH}" }\n',
    0,
  ],
  ['a microversion of no service', '  - request: { url: "GET ${base}/x", microversion: 1.50 }\n', 3],
  [
    'a microversion of a service without any',
    '  - pick-endpoint: dns\n  - request: { url: /x, microversion: 1.50 }\n',
    3,
  ],
  [
    'a microversion that is none',
    '  - pick-endpoint: compute\n  - request: { url: /x, microversion: "${colour}" }\n',
    3,
  ],
  ...['2.90', 'compute 2.90', 'nova latest', 'placement 1.30'].map((wish): (typeof cases)[number] => [
    `the default microversion ${wish}`,
    `  - request: "GET \${base}/before"
  - pick-endpoint: compute
  - request: /a
  - request: { url: /b, microversion: 2.1 }
  - request: { url: /c, headers: { openstack-api-version: compute 2.2 } }
  - pick-endpoint: { service: block-storage, as: volumes }
  - request: \${volumes}/d
  - request: "GET \${base}/baremetal/e"
  - pick-endpoint: dns
  - request: /f
defaults: { microversion: ${wish} }
`,
    0,
  ]),
  [
    'pages of a microversion',
    '  - pick-endpoint: compute\n  - request: { url: /list/nova, microversion: 2.90, all-pages: true }\n',
    0,
  ],
]

const account = (): Readonly<Record<string, string>> => ({
  OS_AUTH_URL: `${server.url}/v3`,
  OS_USERNAME: 'u',
  OS_PASSWORD: 'a password of the test',
  OS_PROJECT_NAME: 'p',
  OS_USER_DOMAIN_ID: 'default',
  OS_PROJECT_DOMAIN_ID: 'default',
})

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  // A thousand pages, or 64 MiB of them, would take a script minutes.
  test.each([
    ['-le 1000 ]', '-le 2 ]', 'all-pages: expected at most 1000 pages, found more.', 2],
    [
      '"$_bytes" -le 67108864 ]',
      '"$_bytes" -le 120 ]',
      'all-pages: expected at most 67108864 bytes, found more.',
      2,
    ],
  ])('a script gives up beyond its bound, here %s for %s', async (bound, lower, told, asked) => {
    const recipe = await recipeOf(`osrun: 1\nname: bounds\nsteps:\n  - authenticate:\n${pages('nova')}`)
    const script = await exported(recipe)
    expect(script.split(bound)).toHaveLength(2)
    const { status, stderr } = await runScript(script.replace(bound, lower), shell, account())
    expect([status, stderr]).toEqual([4, expect.stringContaining(told)])
    expect(heard.filter((line) => line.includes('/list/'))).toHaveLength(asked)
  })

  test.each(cases.map((one) => [one[0], one] as const))(
    '%s: as in osrun',
    async (_title, [, steps, exit]) => {
      const environment = account()
      const recipe = await recipeOf(
        `osrun: 1\nname: services\ninputs: { base: "", colour: blue }\nsteps:\n  - authenticate:\n${steps}`,
      )
      const { events, result } = await runToEnd(recipe, {
        cloud: await cloudOf(environment),
        environment: { WISH: '2.1', SLASHED: `${server.url}/` },
        inputs: { base: server.url, colour: 'blue' },
      })
      const own = heard
      heard = []
      const { status, stderr } = await runScript(await exported(recipe), shell, {
        ...environment,
        WISH: '2.1',
        SLASHED: `${server.url}/`,
        base: server.url,
      })
      expect([result.problem?.message, result.exit, status, stderr]).toEqual([
        result.problem?.message,
        exit,
        exit,
        stderr,
      ])
      expect(heard).toEqual(own)
      for (const event of events)
        if (event.type === 'step:end' && event.result.status === 'failed')
          for (const { subject, expected, found } of event.result.mismatches)
            expect(stderr).toContain(`${subject}: expected ${expected}, found ${found}.`)
    },
  )
})
