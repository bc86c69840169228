import { createHash } from 'node:crypto'
import type { IssuedToken } from './identity-store.ts'
import { trustById } from './identity-store.ts'
import { domains, projects, roles } from './seed.ts'

/** The `token` object that Keystone shows of a token. https://docs.openstack.org/api-ref/identity/v3/ */
export function tokenBody(
  token: IssuedToken,
  origin: string,
  withCatalog: boolean,
): Readonly<Record<string, unknown>> {
  const { user, scope, applicationCredential } = token
  const trust = token.trust === undefined ? undefined : trustById(token.trust)
  const project = scope.kind === 'project' ? projects.find(({ id }) => id === scope.id) : undefined
  return {
    methods: token.methods,
    user: { domain: user.domain, id: user.id, name: user.name, password_expires_at: null },
    audit_ids: token.auditIds,
    expires_at: keystoneTime(token.expiresAt),
    issued_at: keystoneTime(Math.floor(token.issuedAt / 1000) * 1000),
    ...(project && {
      project: { domain: project.domain, id: project.id, name: project.name },
      is_domain: false,
    }),
    ...(scope.kind === 'domain' && { domain: domains.find(({ id }) => id === scope.id) }),
    ...(scope.kind === 'system' && { system: { all: true } }),
    ...(scope.kind !== 'unscoped' && { roles: roles.filter(({ name }) => scope.roles.includes(name)) }),
    ...(trust && {
      'OS-TRUST:trust': {
        id: trust.id,
        trustor_user: { id: trust.trustor },
        trustee_user: { id: trust.trustee },
        impersonation: false,
      },
    }),
    ...(scope.kind !== 'unscoped' && withCatalog && { catalog: catalogFor(token, origin) }),
    ...(applicationCredential && {
      application_credential: {
        id: applicationCredential.id,
        name: applicationCredential.name,
        restricted: !applicationCredential.unrestricted,
      },
    }),
  }
}

/** The services that a token opens: two regions with three interfaces each. */
export function catalogFor(token: IssuedToken, origin: string): readonly unknown[] {
  const { scope } = token
  const regions = ['RegionOne', 'RegionTwo']
  const endpoints = (service: string, url: (region: string, face: string) => string) =>
    regions.flatMap((region) =>
      ['public', 'internal', 'admin'].map((face) => ({
        id: fixedId(`${service} ${region} ${face}`),
        interface: face,
        region_id: region,
        url: url(region, face),
        region,
      })),
    )
  const services = [
    {
      endpoints: endpoints('keystone', () => `${origin}/identity/v3`),
      id: fixedId('keystone'),
      type: 'identity',
      name: 'keystone',
    },
  ]
  // Endpoints whose URL holds a project are missing without one.
  if (scope.kind === 'project') {
    const url = (region: string, face: string): string => {
      const prefix = region === 'RegionOne' ? '' : '/region-two'
      return face === 'admin' ? `${origin}${prefix}` : `${origin}${prefix}/v1/AUTH_${scope.id}`
    }
    services.push({
      endpoints: endpoints('swift', url),
      id: fixedId('swift'),
      type: 'object-store',
      name: 'swift',
    })
  }
  return services
}

/** `2026-01-31T10:20:30.000000Z`. */
export function keystoneTime(time: number): string {
  return new Date(time).toISOString().replace(/\.(\d{3})Z$/, '.$1000Z')
}

function fixedId(seed: string): string {
  return createHash('md5').update(seed).digest('hex')
}
