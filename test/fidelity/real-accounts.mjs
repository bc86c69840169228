import { randomBytes } from 'node:crypto'

/**
 * Makes two users with a project each in the real cloud, as its administrator. Gives back what Tempest has to know of
 * them, and what removes them.
 */
export async function makeAccounts({ authUrl, admin }, roleNames) {
  const ask = await asAdmin(authUrl, admin)
  const made = []
  const remove = async () => {
    for (const path of made.reverse()) await ask('DELETE', path)
  }
  const make = async (kind, fields) => {
    const { id } = (await ask('POST', `${kind}s`, { [kind]: { domain_id: 'default', ...fields } }))[kind]
    made.push(`${kind}s/${id}`)
    return id
  }
  try {
    const { roles } = await ask('GET', 'roles')
    const accounts = []
    for (const word of ['one', 'two']) {
      const name = `fidelity-${word}-${randomBytes(4).toString('hex')}`
      const password = randomBytes(16).toString('hex')
      const project = await make('project', { name })
      const user = await make('user', { name, password })
      for (const { id } of roles.filter((role) => roleNames.includes(role.name)))
        await ask('PUT', `projects/${project}/users/${user}/roles/${id}`)
      accounts.push({ username: name, password, project: name, domain: 'Default' })
    }
    return { accounts, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function asAdmin(authUrl, { name, password }) {
  const domain = { id: 'default' }
  const identity = { methods: ['password'], password: { user: { name, domain, password } } }
  const auth = { identity, scope: { project: { name, domain } } }
  const login = await request('POST', `${authUrl}/auth/tokens`, {}, { auth })
  const headers = { 'X-Auth-Token': login.headers.get('X-Subject-Token') }
  return async (method, path, body) => {
    const text = await (await request(method, `${authUrl}/${path}`, headers, body)).text()
    return text === '' ? undefined : JSON.parse(text)
  }
}

async function request(method, url, headers, body) {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${url} is answered with ${response.status}.`)
  return response
}
