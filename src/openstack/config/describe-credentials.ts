import type { Credentials, IdOrName, InDomain } from '../../model/cloud.ts'

type Keystone = Extract<Credentials, { kind: 'keystone' }>

/** In one sentence without its full stop, how the cloud will be asked: by whom, for what, where. No secret is in it. */
export function describeCredentials(credentials: Credentials): string {
  switch (credentials.kind) {
    case 'keystone': {
      const methods = credentials.methods.map(({ kind }) => kind.replace('_', ' ')).join(' and ')
      const sent = [...describeSent(credentials)]
      if (credentials.scope.kind === 'default' && credentials.methods[0]?.kind !== 'application_credential')
        sent.push('no scope')
      return `asks ${credentials.authUrl} for a token by ${methods}: ${sent.join(', ')}`
    }
    case 'none':
      return `asks ${credentials.endpoint} without authentication`
    case 'http_basic':
      return `asks ${credentials.endpoint} by HTTP basic as user "${credentials.username}"`
    case 'admin_token':
      return `asks ${credentials.endpoint} with the token that is given`
    default:
      return credentials satisfies never
  }
}

/** What Keystone is told of user and scope, in words. */
export function describeSent({ methods, scope }: Keystone): readonly string[] {
  const [method] = methods
  const sent: string[] = []
  if (method?.kind === 'application_credential') sent.push(named(method.credential))
  if (method !== undefined && 'user' in method && method.user !== undefined)
    sent.push(`user ${named(method.user)}`, ...domainOf(method.user.domain))
  if (scope.kind === 'project')
    sent.push(`project ${named(scope.project)}`, ...domainOf(scope.project.domain))
  if (scope.kind === 'domain') sent.push(`domain ${named(scope.domain)}`)
  if (scope.kind === 'system') sent.push('the system')
  if (scope.kind === 'trust') sent.push(`trust ${scope.id}`)
  return sent
}

function named(thing: InDomain | IdOrName): string {
  return thing.id !== undefined ? `id ${thing.id}` : `"${thing.name ?? ''}"`
}

function domainOf(domain: IdOrName | undefined): readonly string[] {
  return domain === undefined ? [] : [`in domain ${named(domain)}`]
}
