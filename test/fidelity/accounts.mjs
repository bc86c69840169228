import { randomBytes } from 'node:crypto'

/**
 * Makes users and projects in a cloud as its administrator: two with a project each, and one who may only read in the first
 * one's project. Gives back what the tests have to know of them, and what removes them.
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
    const word = randomBytes(4).toString('hex')
    const projects = {}
    for (const name of ['one', 'two'])
      projects[name] = await make('project', { name: `fidelity-${name}-${word}` })
    const join = async (name, project, granted) => {
      const password = randomBytes(16).toString('hex')
      const username = `fidelity-${name}-${word}`
      const user = await make('user', { name: username, password })
      for (const { id } of roles.filter((role) => granted.includes(role.name)))
        await ask('PUT', `projects/${projects[project]}/users/${user}/roles/${id}`)
      return { username, password, project: `fidelity-${project}-${word}`, domain: 'Default', roles: granted }
    }
    const accounts = [
      await join('one', 'one', roleNames),
      await join('two', 'two', roleNames),
      await join('three', 'one', ['reader']),
    ]
    return { accounts, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
async function asAdmin(authUrl, { name, password, project = name }) {
  const domain = { id: 'default' }
  const identity = { methods: ['password'], password: { user: { name, domain, password } } }
  const auth = { identity, scope: { project: { name: project, domain } } }
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
