import { createServer } from 'node:http'

/** A Keystone whose catalog has as many endpoints as its path says: `/10000/v3`. Its tokens are good until they are revoked. */
export function catalogServer() {
  const revoked = new Set()
  let made = 0
  return createServer((request, response) => {
    request.resume()
    const subject = request.headers['x-subject-token']
    if (request.method === 'POST') {
      made += 1
      const body = JSON.stringify({ token: tokenWith(Number(request.url.split('/')[1])) })
      return response
        .writeHead(201, { 'X-Subject-Token': `bench-${made}`, 'Content-Type': 'application/json' })
        .end(body)
    }
    if (request.method === 'DELETE') {
      revoked.add(subject)
      return response.writeHead(204).end()
    }
    response.writeHead(revoked.has(subject) ? 401 : 200).end()
  })
}

function tokenWith(endpoints) {
  const perService = 10
  const catalog = Array.from({ length: endpoints / perService }, (_, number) => {
    const isLast = number === endpoints / perService - 1
    return {
      type: isLast ? 'object-store' : `service-${number}`,
      name: `service-${number}`,
      id: `${number}`,
      endpoints: Array.from({ length: perService }, (_, place) => ({
        id: `${number}-${place}`,
        interface: place === perService - 1 ? 'public' : 'internal',
        region: 'RegionOne',
        region_id: 'RegionOne',
        url: `http://service-${number}.example/v1/${isLast && place === perService - 1 ? 'last' : place}`,
      })),
    }
  })
  const domain = { id: 'default', name: 'Default' }
  return {
    methods: ['password'],
    user: { id: 'bench', name: 'bench', domain },
    project: { id: 'bench', name: 'bench', domain },
    roles: [{ id: 'member', name: 'member' }],
    issued_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    audit_ids: ['bench'],
    catalog,
  }
}
