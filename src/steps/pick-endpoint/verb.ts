import type { FacedVerb } from '../../export/verb-faces.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import type { Catalog, Endpoint, Token } from '../../model/token.ts'
import { findEndpoint, fixedEndpoint } from '../../openstack/catalog/endpoint.ts'
import { endpointQuery, withoutSlashes } from '../../openstack/catalog/endpoint-query.ts'
import { flagFirst } from '../../openstack/catalog/flag-first.ts'
import { ownText } from '../../recipe/template/render-template.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'
import { isMapping, textOf } from '../input.ts'
import { discoverVersion } from './discover-version.ts'

const interfaceName = {
  anyOf: [
    { type: 'string', enum: ['public', 'internal', 'admin', 'publicURL', 'internalURL', 'adminURL'] },
    { $ref: '#/$defs/template' },
  ],
}

const region = { type: 'string' }
const interfaces = {
  anyOf: [...interfaceName.anyOf, { type: 'array', items: interfaceName, minItems: 1 }],
}

/** Chooses one endpoint of the token's catalog. */
export const pickEndpoint: FacedVerb = {
  verb: 'pick-endpoint',
  traits: { prepares: true },
  faces: {
    explain: () => import('./explain.ts'),
    shell: () => import('./shell.ts'),
    plain: () => import('./plain.ts'),
  },
  summary: 'Chooses an endpoint of the catalog by service type, region and interface.',
  schema: {
    description: 'A service type such as `object-store`, or a mapping.',
    anyOf: [
      { type: 'string', minLength: 1 },
      {
        type: 'object',
        required: ['service'],
        additionalProperties: false,
        properties: {
          service: {
            type: 'string',
            minLength: 1,
            description: 'An official service type or an alias of one.',
          },
          region: {
            ...region,
            description: 'Default: the region of the cloud; without one, the first that fits.',
          },
          interface: {
            description: 'One interface, or several in order of preference. Default: those of the cloud.',
            ...interfaces,
          },
          'service-name': { type: 'string', description: "The service's name in the catalog, exactly." },
          version: {
            type: ['string', 'number'],
            format: 'as-written',
            description:
              'A version of the API: `3`, `2.1` or `latest`. Asked for at the service when the URL of the catalog does not carry it.',
          },
          as: { $ref: '#/$defs/name', description: 'The name to set instead of `endpoint`.' },
        },
      },
    ],
  },
  example: '- pick-endpoint: { service: object-store, region: GRA, interface: public }\n',
  title: (input) =>
    `pick-endpoint ${typeof input === 'string' ? input : isMapping(input) ? textOf(input.service) : ''}`,
  sets: (input) => [nameOf(input)],
  reads: () => [
    { name: 'token', path: [] },
    { name: 'catalog', path: [], use: 'wanted' },
  ],
  defaults: {
    schemas: {
      region: { ...region, description: 'The region of every pick-endpoint that names none.' },
      interface: { description: 'The interface of every pick-endpoint that names none.', ...interfaces },
    },
    fill: (input, defaults) => ({ ...defaults, ...(isMapping(input) ? input : { service: input }) }),
  },
  async run(step, context) {
    const given = isMapping(step.input) ? step.input : { service: step.input }
    const wanted = context.renderFilled(flagFirst(given, step.defaulted, context.cloud))
    if (!isMapping(wanted))
      throw new OsrunError('RECIPE_INVALID', phrase`A pick-endpoint needs a service type.`, { at: step.at })
    const found = choose(wanted, context)
    const endpoint =
      wanted.version === undefined ? found : await discoverVersion(found, textOf(wanted.version), context)
    const name = nameOf(step.input)
    context.nameUrl(endpoint.url, name)
    const named = { [ownText]: endpoint.url, ...endpoint, origin: originOf(endpoint.url) }
    const jq = queryFor(endpoint, context.lookup('catalog') as Catalog | undefined)
    context.set(name, named, jq === undefined ? undefined : { jq })
  },
}

function choose(wanted: { readonly [key: string]: unknown }, context: StepContext): Endpoint {
  const service = textOf(wanted.service)
  const { cloud } = context
  if (cloud === undefined)
    throw new OsrunError('CLOUD_MISSING', phrase`There is no cloud to pick an endpoint of.`)
  const region = wanted.region === undefined ? cloud.region : textOf(wanted.region)
  if (cloud.credentials.kind !== 'keystone') return fixedEndpoint(cloud.credentials.endpoint, service, region)
  const token = context.lookup('token') as Partial<Token['body']> & { readonly catalog?: Catalog }
  const { endpoint, notes } = findEndpoint(context.lookup('catalog') as Catalog | undefined, {
    service,
    region,
    interfaces: interfacesOf(wanted.interface) ?? cloud.interfaces,
    ...(wanted['service-name'] !== undefined && { serviceName: textOf(wanted['service-name']) }),
    overrides: cloud.endpointOverrides,
    token,
  })
  for (const note of notes) context.notice(note)
  return endpoint
}

// The jq that finds it; none for one that is not in the catalog, since it is configured or found by its version.
function queryFor(
  { url, service, interface: wanted, region }: Endpoint,
  catalog: Catalog = [],
): string | undefined {
  const first = catalog
    .flatMap(({ type, endpoints }) => (type === service ? endpoints : []))
    .find((one) => one.interface === wanted && (region === undefined || one.region === region))
  if (first === undefined || withoutEndSlashes(first.url) !== url) return undefined
  const query = endpointQuery({
    types: [service],
    interfaces: [wanted],
    ...(region !== undefined && { region: JSON.stringify(region) }),
  })
  return `${query.join(' ').replace('first( ', 'first(').replace(' | .url)', '.url)')} | ${withoutSlashes}`
}

function interfacesOf(wanted: unknown): readonly string[] | undefined {
  if (wanted === undefined) return undefined
  return Array.isArray(wanted) ? wanted.map(textOf) : [textOf(wanted)]
}

// As it is written: what leads to the same server by other words is what a check of links looks for.
function originOf(url: string): string {
  return url.split('/', 3).join('/')
}

function nameOf(input: Json): string {
  return isMapping(input) && typeof input.as === 'string' ? input.as : 'endpoint'
}
