import type { Endpoint, Service } from '../keystone/service.ts'
import type { Effect, Fault } from './fault.ts'
import { millisecondsOf } from './fault.ts'

/** The public URL is one of the inside. */
export const privateHost: Fault = {
  name: 'private-host',
  // https://www.rfc-editor.org/rfc/rfc6761#section-6.4: nobody ever gets the token there.
  summary: 'The catalog names a host for the object store that only the inside of the cloud knows.',
  begin: () =>
    onObjectStore((endpoint) => ({ ...endpoint, url: withHost(endpoint.url, 'controller.invalid') })),
}

/** A region has no endpoints. */
export const missingRegion: Fault = {
  name: 'missing-region',
  summary: 'The catalog has no endpoint in this region.',
  value: { kind: 'name', default: 'RegionOne' },
  begin: (region) => ({
    catalog: (services) =>
      services.map((service) => ({
        ...service,
        endpoints: service.endpoints.filter((endpoint) => endpoint.region !== region),
      })),
  }),
}

/** The object store goes by another type. */
export const aliasType: Fault = {
  name: 'alias-type',
  summary: 'The catalog lists the object store by this type.',
  value: { kind: 'name', default: 'object-storage' },
  begin: (type) => ({
    catalog: (services) => services.map((one) => (one.type === 'object-store' ? { ...one, type } : one)),
  }),
}

/** There is nothing in the catalog. */
export const emptyCatalog: Fault = {
  name: 'empty-catalog',
  summary: 'The catalog of every token is empty.',
  begin: () => ({ catalog: () => [] }),
}

/** Links to versions lead elsewhere. */
export const wrongDiscovery: Fault = {
  name: 'wrong-discovery',
  summary: "The links in Keystone's documents of versions lack a part of the path, and lead to nothing.",
  begin: () => ({ link: (href) => href.replace('/identity/', '/') }),
}

/** A proxy speaks TLS for services that do not know of it. */
export const httpLinks: Fault = {
  name: 'http-links',
  summary: 'The catalog and the documents of versions say http where the sandbox speaks https.',
  needsTls: true,
  begin: () => ({
    link: toHttp,
    catalog: (services) =>
      services.map((service) => withEndpoints(service, (one) => ({ ...one, url: toHttp(one.url) }))),
  }),
}

/** The clocks differ. */
export const skewedClock: Fault = {
  name: 'skewed-clock',
  summary: "The cloud's clock is wrong by this much; below zero it is behind.",
  value: { kind: 'duration', default: '-2h' },
  begin: (value) => ({ clockOffset: millisecondsOf(value) ?? 0 }),
}

function onObjectStore(change: (endpoint: Endpoint) => Endpoint): Effect {
  return {
    catalog: (services) =>
      services.map((service) => (service.type === 'object-store' ? withEndpoints(service, change) : service)),
  }
}

function withEndpoints(service: Service, change: (endpoint: Endpoint) => Endpoint): Service {
  return { ...service, endpoints: service.endpoints.map(change) }
}

function withHost(url: string, host: string): string {
  return url.replace(/^(https?:\/\/)[^:/]+/, `$1${host}`)
}

function toHttp(url: string): string {
  return url.replace(/^https:/, 'http:')
}
