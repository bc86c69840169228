/** Which Keystone is asked, and who administers it. */
type Asked = {
  /** Of Keystone, with the version. */
  readonly authUrl: string
  readonly admin: { readonly name: string; readonly password: string; readonly project: string }
  /** The name that the user and the project get. */
  readonly name: string
}

type Said = { readonly id?: string; readonly json: Readonly<Record<string, unknown>> }

/** What a Keystone says to an administrator of users, projects and roles; what is different each time has a name instead. */
export async function speakOfPeople({ authUrl, admin, name }: Asked): Promise<string> {
  const said: string[] = []
  const names = new Map([
    [authUrl, 'AUTH_URL'],
    [name, 'NAME'],
  ])
  const masked = (text: string): string =>
    [...names].reduce((hidden, [value, shown]) => hidden.replaceAll(value, shown), text)
  let token = await login(authUrl, admin.name, admin.password, admin.project)
  const ask = async (method: string, path: string, body?: object): Promise<Said> => {
    const answer = await fetch(`${authUrl}${path}`, {
      method,
      headers: { 'X-Auth-Token': token ?? '', 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const json = text.startsWith('{') ? JSON.parse(text) : {}
    const [kind, made] = Object.entries<{ id?: string }>(json)[0] ?? ['', {}]
    const { id } = made ?? {}
    if (typeof id === 'string' && !names.has(id)) names.set(id, kind.toUpperCase())
    // Where the real one shows its whole schema the small one says what is wrong, and its roles say that they cannot change.
    const shown = masked(text)
      .replaceAll(/\b[0-9a-f]{32}\b/g, 'ID')
      .replace(/\\n\\nFailed validating.*?(?=","title")/s, '')
      .replaceAll('"options": {"immutable": true}', '"options": {}')
      .trimEnd()
    said.push(`> ${method} ${masked(path)} ${masked(body ? JSON.stringify(body) : '')}`.trim())
    said.push(`< ${answer.status} ${answer.statusText} ${answer.headers.get('Content-Type') ?? '-'}`, shown)
    return { ...(id !== undefined && { id }), json }
  }
  const roleList = await (
    await fetch(`${authUrl}/roles`, { headers: { 'X-Auth-Token': token ?? '' } })
  ).json()
  const roles = (roleList as { roles: readonly { id: string; name: string }[] }).roles
  const member = roles.find((role) => role.name === 'member')?.id ?? ''
  for (const role of roles) names.set(role.id, `ROLE_${role.name.toUpperCase()}`)

  const project =
    (await ask('POST', '/projects', { project: { name, description: 'd', tags: ['a'] } })).id ?? ''
  for (const fields of [{ name }, {}, { name: `${name}2`, domain_id: 'nope' }])
    await ask('POST', '/projects', { project: fields })
  await ask('PATCH', `/projects/${project}`, { project: { description: 'e', enabled: false } })
  await ask('PATCH', `/projects/${project}`, { project: { enabled: true } })
  await ask('GET', '/projects/nope')
  await ask('GET', `/projects?name=${name}`)
  await ask('GET', '/projects?domain_id=nope')

  const fields = { name, password: 'one', email: 'a@b', default_project_id: project, description: 'x' }
  const user = (await ask('POST', '/users', { user: fields })).id ?? ''
  for (const more of [{ name }, { password: 'two' }, { name: 5 }]) await ask('POST', '/users', { user: more })
  await ask('GET', `/users/${user}`)
  await ask('PATCH', `/users/${user}`, { user: { email: 'c@d' } })
  await ask('PATCH', `/users/${user}`, { user: { id: 'x' } })
  await ask('GET', `/users?name=${name}`)

  const granted = `/projects/${project}/users/${user}/roles`
  await ask('GET', `/roles/${member}`)
  await ask('GET', '/roles/nope')
  await ask('GET', granted)
  await ask('GET', `${granted}/${member}`)
  for (const _ of [1, 2]) await ask('PUT', `${granted}/${member}`)
  await ask('GET', granted)
  await ask('GET', `${granted}/${member}`)
  await ask('PUT', `/projects/nope/users/${user}/roles/${member}`)
  await ask('PUT', `/projects/${project}/users/nope/roles/${member}`)
  await ask('PUT', `${granted}/nope`)
  for (const query of [`user.id=${user}`, `scope.project.id=${project}&include_names=true`])
    await ask('GET', `/role_assignments?${query}`)

  const admins = token
  token = await login(authUrl, name, 'one', name)
  for (const [method, path, body] of [
    ['POST', '/users', { user: { name: 'q' } }],
    ['POST', '/projects', { project: { name: 'q' } }],
    ['PATCH', `/users/${user}`, { user: { name: 'q' } }],
    ['DELETE', `/projects/${project}`],
    ['PUT', `${granted}/${member}`],
    ['GET', granted],
    ['GET', '/role_assignments'],
    ['GET', `/roles/${member}`],
  ] as const)
    await ask(method, path, body)
  for (const passwords of [
    { original_password: 'no', password: 'two' },
    { password: 'two' },
    { original_password: 'one', password: 'two' },
  ])
    await ask('POST', `/users/${user}/password`, { user: passwords })
  await ask('GET', `/users/${user}`)

  token = admins
  for (const _ of [1, 2]) await ask('DELETE', `${granted}/${member}`)
  await ask('PATCH', `/users/${user}`, { user: { enabled: false } })
  for (const _ of [1, 2]) await ask('DELETE', `/users/${user}`)
  for (const _ of [1, 2]) await ask('DELETE', `/projects/${project}`)
  return `${said.join('\n')}\n`
}

async function login(
  authUrl: string,
  name: string,
  password: string,
  project: string,
): Promise<string | null> {
  const domain = { id: 'default' }
  const identity = { methods: ['password'], password: { user: { name, domain, password } } }
  const answer = await fetch(`${authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { project: { name: project, domain } } } }),
  })
  return answer.headers.get('X-Subject-Token')
}
