/** Whom a Keystone is asked by and about. */
type Asked = {
  /** Of Keystone, with the version. */
  readonly authUrl: string
  readonly token: { readonly id: string; readonly user: string; readonly project: string }
  /** The id of another user. */
  readonly other: string
}

/** What a Keystone says to questions about EC2 credentials; what is different each time has a name instead. */
export async function speakOfEc2({ authUrl, token, other }: Asked): Promise<string> {
  const said: string[] = []
  const names = new Map([
    [token.user, 'USER'],
    [token.project, 'PROJECT'],
    [other, 'OTHER'],
    [authUrl, 'AUTH_URL'],
  ])
  const masked = (text: string): string =>
    [...names].reduce((masked, [value, name]) => masked.replaceAll(value, name), text)
  const ask = async (method: string, path: string, body?: string): Promise<string> => {
    const answer = await fetch(`${authUrl}${path}`, {
      method,
      headers: { 'X-Auth-Token': token.id, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body }),
    })
    const text = await answer.text()
    const { access, secret } = JSON.parse(text.startsWith('{"credential"') ? text : '{}').credential ?? {}
    if (access !== undefined && !names.has(access))
      names.set(access, `ACCESS${names.size}`).set(secret, `SECRET${names.size}`)
    // The methods are in the order of a Python set, which is another in each process.
    const allow = answer.headers.get('Allow')?.split(', ').sort().join(', ')
    const heads = [
      `Content-Type: ${answer.headers.get('Content-Type') ?? '-'}`,
      `Allow: ${allow ?? '-'}`,
      `Vary: ${answer.headers.get('Vary') ?? '-'}`,
    ]
    const hidden = masked(text).replaceAll(/\b[0-9a-f]{64}\b/g, 'SHA-256')
    said.push(`> ${method} ${masked(path)} ${masked(body ?? '')}`.trim())
    said.push(`< ${answer.status} ${answer.statusText}; ${heads.join('; ')}`, hidden)
    return access
  }
  const own = `/users/${token.user}/credentials/OS-EC2`
  const good = JSON.stringify({ tenant_id: token.project })
  await ask('GET', own)
  const access = await ask('POST', own, good)
  const second = await ask('POST', own, JSON.stringify({ tenant_id: token.project, more: 1 }))
  await ask('GET', `${own}/${access}`)
  await ask('HEAD', `${own}/${access}`)
  await ask('DELETE', `${own}/${second}`)
  await ask('GET', own)
  for (const method of ['GET', 'DELETE']) await ask(method, `${own}/none`)
  const bodies = [
    '{}',
    '{"tenant_id":null}',
    '{"tenant_id":"none"}',
    '{"tenant_id":5}',
    'no JSON',
    '[]',
    '"x"',
    '',
  ]
  for (const body of bodies) await ask('POST', own, body)
  for (const user of ['none', other]) {
    const theirs = `/users/${user}/credentials/OS-EC2`
    await ask('GET', theirs)
    await ask('POST', theirs, good)
    await ask('GET', `${theirs}/${access}`)
  }
  for (const path of [own, `${own}/${access}`]) {
    await ask('PUT', path, '{}')
    await ask('OPTIONS', path)
  }
  await ask('DELETE', `/users/${other}/credentials/OS-EC2/${access}`)
  await ask('GET', own)
  return `${said.join('\n')}\n`
}
