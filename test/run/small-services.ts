import type { ServerResponse } from 'node:http'
import { type Seen, startSmallKeystone } from './small-keystone.ts'

/** How the services behave; where nothing is said, well. */
export type SmallServices = {
  /** What a server or volume is once it is made; ACTIVE and available unless given. */
  readonly server?: string
  readonly volume?: string
  /** The state of one of Nova's and Cinder's services; up unless given. */
  readonly state?: string
  /** The role of the token; admin unless given. */
  readonly role?: string
  /** What links of Nova start from, instead of its endpoint. */
  readonly linkedFrom?: string
}

type Fields = Readonly<Record<string, unknown>>
type Reply = { readonly status?: number; readonly headers?: Record<string, string>; readonly json?: unknown }
type Asked = { readonly query: URLSearchParams; readonly headers: Seen['headers']; readonly json: Fields }
type Routes = Readonly<Record<string, (asked: Asked) => Reply>>

/**
 * A Keystone with a Nova, Cinder, Glance and Neutron that answer what the smoke recipes ask, as the API reference has it.
 * https://docs.openstack.org/api-ref/
 */
export async function startSmallServices(behaviour: SmallServices = {}) {
  const things = createThings(behaviour)
  const keystone = await startSmallKeystone({
    login(_request, response) {
      const body = loginBody(keystone.tokenBody(), keystone.base, behaviour.role ?? 'admin')
      response.writeHead(201, keystone.headersOf(keystone.nextToken())).end(body)
    },
    other({ method, path, headers, body }, response) {
      const { pathname, searchParams: query } = new URL(path, keystone.base)
      const route = routes[`${method} ${pathname.replace(/\/$/, '')}`]
      const json = body === '' ? {} : (JSON.parse(body) as Fields)
      send(response, route?.({ query, headers, json }) ?? things.one(method, pathname))
    },
  })
  const routes: Routes = {
    ...documents(keystone.base),
    ...novaRoutes(behaviour, behaviour.linkedFrom ?? `${keystone.base}/compute/v2.1`),
    ...otherRoutes(behaviour),
    'POST /compute/v2.1/servers': ({ json }) => things.create('servers', json.server as Fields),
    'POST /volume/v3/p/volumes': ({ json }) => things.create('volumes', json.volume as Fields),
  }
  return { ...keystone, left: things.left }
}

function loginBody(plain: string, base: string, role: string): string {
  const { token } = JSON.parse(plain) as { readonly token: Fields }
  const service = (type: string, path: string) => ({
    id: type,
    type,
    name: type,
    endpoints: [{ id: type, interface: 'public', region: 'R', region_id: 'R', url: `${base}${path}` }],
  })
  const catalog = [
    service('identity', '/v3'),
    service('compute', '/compute/v2.1'),
    service('volumev3', '/volume/v3/p'),
    service('image', '/image'),
    service('network', '/network'),
  ]
  const project = { id: 'p', name: 'p', domain: { id: 'default', name: 'Default' } }
  return JSON.stringify({ token: { ...token, project, roles: [{ id: 'r', name: role }], catalog } })
}

function documents(base: string): Routes {
  const entry = (id: string, status: string, path: string) => ({
    id,
    status,
    links: [{ rel: 'self', href: `${base}${path}` }],
  })
  return {
    'GET /v3': () => ({ json: { version: entry('v3.14', 'stable', '/v3/') } }),
    'GET /image': () => ({ status: 300, json: { versions: [entry('v2.15', 'CURRENT', '/image/v2/')] } }),
    'GET /network': () => ({ json: { versions: [entry('v2.0', 'CURRENT', '/network/v2.0/')] } }),
  }
}

function novaRoutes({ state = 'up' }: SmallServices, linkedFrom: string): Routes {
  return {
    'GET /compute/v2.1/servers': servers,
    'GET /compute/v2.1/servers/detail': servers,
    'GET /compute/v2.1/flavors': ({ query }) => ({ json: { flavors: flavors(query, linkedFrom) } }),
    'GET /compute/v2.1/limits': () => ({
      json: {
        limits: {
          rate: [],
          absolute: {
            maxTotalInstances: 10,
            maxTotalCores: -1,
            maxTotalRAMSize: 51200,
            totalInstancesUsed: 2,
            totalCoresUsed: 4,
            totalRAMUsed: 8192,
          },
        },
      },
    }),
    'GET /compute/v2.1/os-availability-zone': () => ({
      json: { availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true }, hosts: null }] },
    }),
    'GET /compute/v2.1/os-services': () => ({
      json: { services: [...workers('nova-scheduler', 'up'), ...workers('nova-compute', state)] },
    }),
  }
}

function otherRoutes({ state = 'up' }: SmallServices): Routes {
  const network = (id: string, subnets: readonly string[]) => ({
    id,
    name: id,
    status: 'ACTIVE',
    subnets,
    'router:external': false,
  })
  return {
    'GET /image/v2/images': () => ({
      json: { images: [{ id: 'cirros', status: 'active', size: 1, min_disk: 1, min_ram: 64 }] },
    }),
    'GET /network/v2.0/networks': () => ({
      json: { networks: [network('bare', []), network('private', ['subnet'])] },
    }),
    'GET /network/v2.0/agents': () => ({
      json: { agents: [{ id: 'dhcp', admin_state_up: true, alive: state === 'up' }] },
    }),
    'GET /volume/v3/p/os-services': () => ({ json: { services: workers('cinder-volume', state) } }),
    'GET /volume/v3/p/volumes/detail': () => ({
      json: { volumes: [{ id: 'v1', name: 'data', size: 10, status: 'in-use' }] },
    }),
    'GET /volume/v3/p/types': () => ({
      json: { volume_types: [{ id: 'lvm', name: 'lvm', is_public: true }] },
    }),
    'GET /volume/v3/p/limits': () => ({
      json: {
        limits: {
          rate: [],
          absolute: {
            maxTotalVolumes: 10,
            maxTotalVolumeGigabytes: 1000,
            totalVolumesUsed: 1,
            totalGigabytesUsed: 10,
          },
        },
      },
    }),
  }
}

function servers({ query, headers }: Asked): Reply {
  const version = String(headers['openstack-api-version'])
  if (version !== 'compute 2.72') {
    const message = `Version ${version} is not supported by the API. Minimum is 2.1 and maximum is 2.96.`
    return { status: 406, json: { computeFault: { code: 406, message } } }
  }
  const next = { rel: 'next', href: 'http://nova.internal/v2.1/servers/detail?limit=100&marker=s1' }
  const isFirst = query.get('marker') === null
  return {
    headers: { 'OpenStack-API-Version': version, Vary: 'OpenStack-API-Version' },
    json: isFirst
      ? { servers: [{ id: 's1', status: 'ACTIVE' }], servers_links: [next] }
      : { servers: [{ id: 's2', status: 'SHUTOFF' }] },
  }
}

function flavors(query: URLSearchParams, linkedFrom: string) {
  return [
    { id: 'tiny', disk: 0, ram: 32 },
    { id: 'small', disk: 1, ram: 64 },
    { id: 'large', disk: 80, ram: 8192 },
  ]
    .filter(({ disk, ram }) => disk >= Number(query.get('minDisk')) && ram >= Number(query.get('minRam')))
    .slice(0, Number(query.get('limit') ?? 1000))
    .map(({ id }) => ({ id, name: id, links: [{ rel: 'self', href: `${linkedFrom}/flavors/${id}` }] }))
}

function workers(binary: string, state: string) {
  return [
    { binary, host: 'one', status: 'enabled', state },
    { binary, host: 'in-repair', status: 'disabled', state: 'down' },
  ]
}

/** A server or volume takes that many answers to be made, and as many to be gone. */
const patience = 2

function createThings(behaviour: SmallServices) {
  const things = new Map<string, { readonly fields: Fields; asked: number; goneIn?: number }>()
  return {
    left: (): readonly string[] => [...things.keys()],
    create(kind: 'servers' | 'volumes', fields: Fields): Reply {
      const id = `${kind}-${things.size + 1}`
      things.set(id, { fields, asked: 0 })
      const server = { id, links: [], adminPass: 'made-up-by-nova' }
      const volume = { ...fields, id, status: 'creating' }
      return { status: 202, json: kind === 'servers' ? { server } : { volume } }
    },
    /** What is said of one of them, by the last part of its path. */
    one(method: string, path: string): Reply {
      const id = path.replace(/.*\//, '')
      const thing = things.get(id)
      if (thing?.goneIn === 0) things.delete(id)
      if (thing === undefined || thing.goneIn === 0)
        return { status: 404, json: { itemNotFound: { code: 404, message: `${id} could not be found.` } } }
      if (method === 'DELETE') {
        thing.goneIn = patience
        return { status: path.includes('/servers/') ? 204 : 202 }
      }
      if (thing.goneIn !== undefined) thing.goneIn--
      const isMade = ++thing.asked > patience
      return {
        json: path.includes('/servers/')
          ? server(id, thing.fields, isMade)
          : volume(id, thing.fields, isMade),
      }
    },
  }

  function server(id: string, { name, flavorRef, imageRef }: Fields, isMade: boolean) {
    const status = isMade ? (behaviour.server ?? 'ACTIVE') : 'BUILD'
    const addresses = isMade ? { private: [{ version: 4, addr: '192.0.2.7' }] } : {}
    return { server: { id, name, status, flavor: { id: flavorRef }, image: { id: imageRef }, addresses } }
  }

  function volume(id: string, { name, size }: Fields, isMade: boolean) {
    const status = isMade ? (behaviour.volume ?? 'available') : 'creating'
    return { volume: { id, name, size, attachments: [], status } }
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, json }: Reply): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
  response.end(json === undefined ? undefined : JSON.stringify(json))
}
