/** A service by its official type, and the part of a URL that its endpoint is. */
export type ServiceBase = { readonly service: string; readonly base: string }

/**
 * Which service a URL is of, by the forms that endpoints usually have: `/v1/AUTH_…`, a port, a first word of
 * the path as devstack has it, or of the host. Undefined when none fits. It is a guess, and is to be called one.
 * https://docs.openstack.org/install-guide/firewalls-default-ports.html
 */
export function guessService(url: string): ServiceBase | undefined {
  const [, origin, host = '', port = '', path = ''] =
    /^(https?:\/\/([^/:?]+|\[[^\]]*\])(?::(\d+))?)(\/[^?]*)?/i.exec(url) ?? []
  if (origin === undefined) return undefined
  const account = /^(?:\/[\w-]+)*?\/v1\/AUTH_[^/]+|^\/swift\/v1(?=\/|$)/.exec(path)?.[0]
  if (account !== undefined) return { service: 'object-store', base: origin + account }
  if (/^(?:\/[\w-]+)*?\/v3\/auth(\/|$)/.test(path))
    return { service: 'identity', base: origin + path.slice(0, path.indexOf('/v3/auth') + 3) }
  const [label = ''] = host.toLowerCase().split('.')
  const [, word = ''] = /^\/([a-z-]+)(?=\/|$)/.exec(path) ?? []
  for (const form of forms) {
    const isPrefixed = form.words.includes(word)
    if (!isPrefixed && form.port !== port && !form.words.includes(label)) continue
    const prefix = isPrefixed ? `/${word}` : ''
    const tail = form.tail.exec(path.slice(prefix.length))?.[0]
    if (tail !== undefined) return { service: form.service, base: origin + prefix + tail }
  }
  return undefined
}

/** The service type that a filter such as `select(.type == "object-store")` looks for. */
export function serviceInFilter(filter: string): string | undefined {
  return forms
    .map(({ service }) => service)
    .concat('object-store')
    .find((service) => new RegExp(`(^|[^\\w-])${service}([^\\w-]|$)`).test(filter))
}

/** The service whose endpoint a variable such as `OS_STORAGE_URL` or `nova_endpoint` holds, by the words of its name. */
export function serviceInName(variable: string): string | undefined {
  const words = variable
    .replace(/@.*$/s, '')
    .toLowerCase()
    .split(/[^a-z]+/)
  if (!words.some((word) => /^(url|endpoint|base|host|api)$/.test(word))) return undefined
  return forms.find((form) => form.words.some((word) => words.includes(word)))?.service
}

type Form = {
  readonly service: string
  readonly port: string
  readonly words: readonly string[]
  /** The part of the path that belongs to the endpoint; clients append the version where there is none. */
  readonly tail: RegExp
}

const none = /^/
// A script has its project's id in a variable.
const project = '(/([0-9a-f]{32}|\ufdd0[^\ufdd1]*\ufdd1))?(?=/|$)'
const forms: readonly Form[] = [
  { service: 'identity', port: '5000', words: ['identity', 'keystone'], tail: /^\/v3(?=\/|$)/ },
  { service: 'compute', port: '8774', words: ['compute', 'nova'], tail: RegExp(`^/v2(\\.\\d+)?${project}`) },
  { service: 'image', port: '9292', words: ['image', 'glance'], tail: none },
  { service: 'network', port: '9696', words: ['network', 'networking', 'neutron'], tail: none },
  { service: 'block-storage', port: '8776', words: ['volume', 'cinder'], tail: RegExp(`^/v3${project}`) },
  { service: 'placement', port: '8778', words: ['placement'], tail: none },
  {
    service: 'orchestration',
    port: '8004',
    words: ['orchestration', 'heat-api'],
    tail: RegExp(`^/v1${project}`),
  },
  { service: 'dns', port: '9001', words: ['dns', 'designate'], tail: none },
  { service: 'key-manager', port: '9311', words: ['key-manager', 'barbican'], tail: none },
  { service: 'load-balancer', port: '9876', words: ['load-balancer', 'octavia'], tail: none },
  { service: 'shared-file-system', port: '8786', words: ['share', 'manila'], tail: RegExp(`^/v2${project}`) },
  { service: 'baremetal', port: '6385', words: ['baremetal', 'ironic'], tail: none },
  { service: 'object-store', port: '8080', words: ['storage', 'swift'], tail: /^\/v1\/[^/]+/ },
]
