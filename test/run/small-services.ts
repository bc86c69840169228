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

type Reply = { readonly status?: number; readonly headers?: Record<string, string>; readonly json?: unknown }

/** A thing takes that many answers to be made, and as many to be gone. */
const steps = 2

/**
 * A Keystone with a Nova, Cinder, Glance and Neutron that answer what the smoke recipes ask, as the API reference has it.
 * https://docs.openstack.org/api-ref/
 */
export async function startSmallServices(behaviour: SmallServices = {}) {
  const made = new Map<string, { readonly body: Record<string, unknown>; asked: number; goneIn?: number }>()
  const keystone = await startSmallKeystone({
    login: (_request, response) =>
      void response.writeHead(201, keystone.headersOf(keystone.nextToken())).end(loginBody()),
    other: (request, response) => send(response, answer(request)),
  })
  const { base } = keystone

  function loginBody(): string {
    const { token } = JSON.parse(keystone.tokenBody()) as { readonly token: object }
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
    const roles = [{ id: 'r', name: behaviour.role ?? 'admin' }]
    return JSON.stringify({ token: { ...token, project, roles, catalog } })
  }

  function answer({ method, path, headers, body }: Seen): Reply {
    const { pathname, searchParams: query } = new URL(path, base)
    const json = body === '' ? {} : (JSON.parse(body) as Record<string, Record<string, unknown>>)
    const [, kind = '', id = ''] =
      /^\/(?:compute\/v2\.1|volume\/v3\/p)\/(servers|volumes)\/(?!detail)(.+)$/.exec(pathname) ?? []
    if (kind !== '') return one(method, kind, id)
    switch (`${method} ${pathname}`) {
      case 'GET /v3':
        return {
          json: { version: { id: 'v3.14', status: 'stable', links: [{ rel: 'self', href: `${base}/v3/` }] } },
        }
      case 'GET /image':
      case 'GET /image/':
        return { status: 300, json: versions('v2.15', `${base}/image/v2/`) }
      case 'GET /network':
      case 'GET /network/':
        return { json: versions('v2.0', `${base}/network/v2.0/`) }
      case 'GET /image/v2/images':
        return { json: { images: [{ id: 'cirros', status: 'active', size: 1, min_disk: 1, min_ram: 64 }] } }
      case 'GET /network/v2.0/networks':
        return { json: { networks: [network('bare', []), network('private', ['subnet'])] } }
      case 'GET /network/v2.0/agents':
        return { json: { agents: [{ id: 'dhcp', admin_state_up: true, alive: behaviour.state !== 'down' }] } }
      case 'GET /compute/v2.1/servers':
      case 'GET /compute/v2.1/servers/detail':
        return servers(String(headers['openstack-api-version']), query.get('marker'))
      case 'GET /compute/v2.1/flavors':
        return { json: { flavors: flavors(query) } }
      case 'GET /compute/v2.1/limits':
        return { json: { limits: { rate: [], absolute: computeLimits } } }
      case 'GET /compute/v2.1/os-availability-zone':
        return {
          json: { availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true }, hosts: null }] },
        }
      case 'GET /compute/v2.1/os-services':
        return { json: { services: [...hostServices('nova-scheduler'), ...hostServices('nova-compute')] } }
      case 'GET /volume/v3/p/os-services':
        return { json: { services: hostServices('cinder-volume') } }
      case 'GET /volume/v3/p/volumes/detail':
        return { json: { volumes: [{ id: 'v1', name: 'data', size: 10, status: 'in-use' }] } }
      case 'GET /volume/v3/p/limits':
        return { json: { limits: { rate: [], absolute: volumeLimits } } }
      case 'GET /volume/v3/p/types':
        return { json: { volume_types: [{ id: 'lvm', name: 'lvm', is_public: true }] } }
      case 'POST /compute/v2.1/servers':
        return create('servers', { server: json.server })
      case 'POST /volume/v3/p/volumes':
        return create('volumes', { volume: json.volume })
      default:
        return { status: 404, json: { itemNotFound: { code: 404, message: `No ${method} ${pathname}.` } } }
    }
  }

  function create(kind: string, given: Record<string, Record<string, unknown> | undefined>): Reply {
    const [[key = '', fields = {}] = []] = Object.entries(given)
    const id = `${kind}-${made.size + 1}`
    made.set(id, { body: fields, asked: 0 })
    return {
      status: 202,
      json: {
        [key]:
          kind === 'servers'
            ? { id, links: [], adminPass: 'made-up-by-nova' }
            : { id, ...fields, status: 'creating' },
      },
    }
  }

  function one(method: string, kind: string, id: string): Reply {
    const thing = made.get(id)
    if (thing === undefined)
      return { status: 404, json: { itemNotFound: { code: 404, message: `${id} could not be found.` } } }
    if (method === 'DELETE') {
      thing.goneIn = steps
      return { status: kind === 'servers' ? 204 : 202 }
    }
    if (thing.goneIn !== undefined && thing.goneIn-- === 0) {
      made.delete(id)
      return one(method, kind, id)
    }
    const isMade = ++thing.asked > steps
    return { json: kind === 'servers' ? server(id, thing.body, isMade) : volume(id, thing.body, isMade) }
  }

  function server(id: string, { name, flavorRef, imageRef }: Record<string, unknown>, isMade: boolean) {
    const status = isMade ? (behaviour.server ?? 'ACTIVE') : 'BUILD'
    const addresses = isMade ? { private: [{ version: 4, addr: '192.0.2.7' }] } : {}
    return { server: { id, name, status, flavor: { id: flavorRef }, image: { id: imageRef }, addresses } }
  }

  function volume(id: string, { name, size }: Record<string, unknown>, isMade: boolean) {
    return {
      volume: {
        id,
        name,
        size,
        attachments: [],
        status: isMade ? (behaviour.volume ?? 'available') : 'creating',
      },
    }
  }

  function servers(version: string, marker: string | null): Reply {
    if (version !== 'compute 2.72') {
      const message = `Version ${version} is not supported by the API. Minimum is 2.1 and maximum is 2.96.`
      return { status: 406, json: { computeFault: { code: 406, message } } }
    }
    const headers = { 'OpenStack-API-Version': version, Vary: 'OpenStack-API-Version' }
    const next = { rel: 'next', href: `http://nova.internal/v2.1/servers/detail?limit=100&marker=s1` }
    const page =
      marker === null
        ? { servers: [{ id: 's1', status: 'ACTIVE' }], servers_links: [next] }
        : { servers: [{ id: 's2', status: 'SHUTOFF' }] }
    return { headers, json: page }
  }

  function flavors(query: URLSearchParams) {
    const from = behaviour.linkedFrom ?? `${base}/compute/v2.1`
    return [
      { id: 'tiny', disk: 0, ram: 32 },
      { id: 'small', disk: 1, ram: 64 },
      { id: 'large', disk: 80, ram: 8192 },
    ]
      .filter(({ disk, ram }) => disk >= Number(query.get('minDisk')) && ram >= Number(query.get('minRam')))
      .slice(0, Number(query.get('limit') ?? 1000))
      .map(({ id }) => ({ id, name: id, links: [{ rel: 'self', href: `${from}/flavors/${id}` }] }))
  }

  function hostServices(binary: string) {
    return [
      { binary, host: 'one', status: 'enabled', state: behaviour.state ?? 'up' },
      { binary, host: 'in-repair', status: 'disabled', state: 'down' },
    ]
  }

  return { ...keystone, made }
}

const computeLimits = {
  maxTotalInstances: 10,
  maxTotalCores: -1,
  maxTotalRAMSize: 51200,
  totalInstancesUsed: 2,
  totalCoresUsed: 4,
  totalRAMUsed: 8192,
}

const volumeLimits = {
  maxTotalVolumes: 10,
  maxTotalVolumeGigabytes: 1000,
  totalVolumesUsed: 1,
  totalGigabytesUsed: 10,
}

function versions(id: string, href: string) {
  return { versions: [{ id, status: 'CURRENT', links: [{ rel: 'self', href }] }] }
}

function network(id: string, subnets: readonly string[]) {
  return { id, name: id, status: 'ACTIVE', subnets, 'router:external': false, shared: false }
}

function send(response: ServerResponse, { status = 200, headers = {}, json }: Reply): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
  response.end(json === undefined ? undefined : JSON.stringify(json))
}
