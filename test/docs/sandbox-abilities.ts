import { createHmac } from 'node:crypto'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { type Answer, account, ask, login } from '../sandbox/ask.ts'

type Asking = (
  method: string,
  path: string,
  headers?: Readonly<Record<string, string>>,
  body?: string | object,
) => Promise<Answer>

/** What the sandbox has, the request that shows it, and how that is asked; what leads to it is asked before. */
type Ability = {
  readonly what: string
  readonly request: string
  show(swift: Asking, keystone: Asking, sandbox: Sandbox): Promise<Answer>
}

const service = { project: { name: 'service', domain: { id: 'default' } } }
const learner = 'de11a130d07d46cd92238b9f6dbaf004'

const keystoneAbilities: readonly Ability[] = [
  {
    what: 'tokens by password, token, application credential, one-time code or several of these, for a project, a domain, the system or a trust',
    request: 'POST /v3/auth/tokens',
    show: (_, keystone) =>
      keystone(
        'POST',
        '/auth/tokens',
        {},
        {
          auth: {
            identity: {
              methods: ['password'],
              password: { user: { id: learner, password: `p'a$s "w\\ord` } },
            },
          },
        },
      ),
  },
  {
    what: 'the catalog of two regions',
    request: 'GET /v3/auth/catalog',
    show: (_, keystone) => keystone('GET', '/auth/catalog'),
  },
  {
    what: 'application credentials, with access rules',
    request: 'POST /v3/users/{id}/application_credentials',
    show: async (_, __, sandbox) =>
      ask(sandbox, 'POST', `/identity/v3/users/${learner}/application_credentials`, {
        headers: { 'X-Auth-Token': await login(sandbox) },
        body: {
          application_credential: {
            name: 'reads',
            access_rules: [{ service: 'object-store', method: 'GET', path: '/v1/**' }],
          },
        },
      }),
  },
  {
    what: 'EC2 credentials',
    request: 'GET /v3/users/{id}/credentials/OS-EC2',
    show: (_, keystone) => keystone('GET', `/users/${learner}/credentials/OS-EC2`),
  },
  {
    what: 'projects, made, changed, disabled and removed by an administrator',
    request: 'POST /v3/projects',
    show: (_, keystone) => keystone('POST', '/projects', {}, { project: { name: 'mine' } }),
  },
  {
    what: 'users, the same',
    request: 'POST /v3/users',
    show: (_, keystone) => keystone('POST', '/users', {}, { user: { name: 'me', password: 'pw' } }),
  },
  {
    what: 'roles of users in projects, domains and the system',
    request: 'PUT /v3/projects/{id}/users/{id}/roles/{id}',
    show: (_, keystone) =>
      keystone(
        'PUT',
        `/projects/fee040b1c4d24aeb985c3cdea1c3f363/users/${learner}/roles/9b53086d46744aeba2744939f7a41c93`,
      ),
  },
  {
    what: 'role assignments',
    request: 'GET /v3/role_assignments',
    show: (_, keystone) => keystone('GET', '/role_assignments?include_names'),
  },
]

const manifest = JSON.stringify([{ path: '/box/piece' }])

const swiftAbilities: readonly Ability[] = [
  {
    what: 'accounts, containers and objects, listed as text, JSON and XML',
    request: 'GET /v1/{account}/{container}?format=xml',
    show: (swift) => swift('GET', '/public?format=xml'),
  },
  {
    what: 'conditions and ranges',
    request: 'GET with Range',
    show: (swift) => swift('GET', '/public/hello.txt', { Range: 'bytes=0-4' }),
  },
  {
    what: 'copies, between accounts too',
    request: 'COPY with Destination',
    show: (swift) => swift('COPY', '/public/hello.txt', { Destination: 'box/copy' }),
  },
  {
    what: 'static large objects',
    request: 'PUT ?multipart-manifest=put',
    show: async (swift) => {
      await swift('PUT', '/box/piece', {}, 'piece')
      return await swift('PUT', '/box/static?multipart-manifest=put', {}, manifest)
    },
  },
  {
    what: 'dynamic large objects',
    request: 'PUT with X-Object-Manifest',
    show: (swift) => swift('PUT', '/box/dynamic', { 'X-Object-Manifest': 'box/piece' }),
  },
  {
    what: 'symbolic links',
    request: 'PUT with X-Symlink-Target',
    show: (swift) => swift('PUT', '/box/link', { 'X-Symlink-Target': 'box/piece' }),
  },
  {
    what: 'versions',
    request: 'PUT with X-Versions-Enabled',
    show: (swift) => swift('PUT', '/versions', { 'X-Versions-Enabled': 'true' }),
  },
  {
    what: 'earlier objects in another container',
    request: 'PUT with X-Versions-Location, X-History-Location',
    show: (swift) => swift('PUT', '/stack', { 'X-Versions-Location': 'box' }),
  },
  {
    what: 'the end of objects',
    request: 'PUT with X-Delete-After',
    show: (swift) => swift('PUT', '/box/short', { 'X-Delete-After': '60' }),
  },
  {
    what: 'temporary URLs',
    request: 'GET ?temp_url_sig=',
    show: async (swift, _, sandbox) => {
      await swift('POST', '', { 'X-Account-Meta-Temp-Url-Key': 'key' })
      const signature = createHmac('sha256', 'key')
        .update(`GET\n4102444800\n${account}/public/hello.txt`)
        .digest('hex')
      const query = `temp_url_sig=${signature}&temp_url_expires=4102444800`
      return await ask(sandbox, 'GET', `${account}/public/hello.txt?${query}`)
    },
  },
  {
    what: 'signed forms',
    request: 'POST of multipart/form-data',
    show: (_, __, sandbox) => {
      const fields = { max_file_size: '9', max_file_count: '1', expires: '4102444800' }
      const words = `${account}/box\n\n9\n1\n4102444800`
      const signature = createHmac('sha256', 'key').update(words).digest('hex')
      const parts = Object.entries({ ...fields, signature }).map(
        ([name, value]) => `; name="${name}"\r\n\r\n${value}`,
      )
      const all = [...parts, '; name="f"; filename="note"\r\n\r\nhello']
      const body = `${all.map((part) => `--edge\r\nContent-Disposition: form-data${part}\r\n`).join('')}--edge--\r\n`
      const headers = { 'Content-Type': 'multipart/form-data; boundary=edge' }
      return ask(sandbox, 'POST', `${account}/box`, { headers, body })
    },
  },
  {
    what: 'access lists',
    request: 'GET without a token',
    show: (_, __, sandbox) => ask(sandbox, 'GET', `${account}/public/hello.txt`),
  },
  {
    what: 'pages of other origins (CORS)',
    request: 'OPTIONS with Origin',
    show: async (swift) => {
      await swift('PUT', '/open', { 'X-Container-Meta-Access-Control-Allow-Origin': '*' })
      return await swift('OPTIONS', '/open/o', {
        Origin: 'https://example.org',
        'Access-Control-Request-Method': 'GET',
      })
    },
  },
  {
    what: 'static web sites',
    request: 'GET with X-Container-Meta-Web-Listings',
    show: async (swift, _, sandbox) => {
      await swift('PUT', '/site', {
        'X-Container-Meta-Web-Listings': 'true',
        'X-Container-Read': '.r:*,.rlistings',
      })
      return await ask(sandbox, 'GET', `${account}/site/`)
    },
  },
  {
    what: 'quotas of containers',
    request: 'POST with X-Container-Meta-Quota-Bytes',
    show: (swift) => swift('POST', '/box', { 'X-Container-Meta-Quota-Bytes': '1000000' }),
  },
  {
    what: 'bulk delete',
    request: 'POST ?bulk-delete',
    show: (swift) => swift('POST', '?bulk-delete', { 'Content-Type': 'text/plain' }, 'box/copy\n'),
  },
  {
    what: 'archives that it unpacks',
    request: 'PUT ?extract-archive=tar',
    show: (swift) => swift('PUT', '/box?extract-archive=tar', {}, '\0'.repeat(1024)),
  },
  {
    what: 'what it tells of itself',
    request: 'GET /info',
    show: (_, __, sandbox) => ask(sandbox, 'GET', '/info'),
  },
]

/** A table of what the sandbox has, with what it answered; what it refuses throws. */
export async function abilityReference(): Promise<string> {
  await using sandbox = await startSandbox()
  const asking =
    (below: string, token: string): Asking =>
    (method, path, headers = {}, body) =>
      ask(sandbox, method, `${below}${path}`, {
        headers: {
          'X-Auth-Token': token,
          ...(method === 'PUT' && body === undefined && { 'Content-Length': '0' }),
          ...headers,
        },
        ...(body !== undefined && { body }),
      })
  const swift = asking(account, await login(sandbox))
  const keystone = asking('/identity/v3', await login(sandbox, 'admin', 'admin-secret', service))
  await swift('PUT', '/box')
  const rows: string[] = []
  for (const [name, abilities] of [
    ['Keystone', keystoneAbilities],
    ['Swift', swiftAbilities],
  ] as const)
    for (const { what, request, show } of abilities) {
      const { status, body } = await show(swift, keystone, sandbox)
      if (status >= 400) throw new Error(`${request} is answered with ${status}: ${body.toString()}`)
      rows.push(`| ${name} | ${what} | \`${request}\` | ${status} |`)
    }
  return `| API | what | shown by | answer |\n|---|---|---|---|\n${rows.join('\n')}\n`
}
