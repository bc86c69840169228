/** Somebody who does the course: a user of the domain Default, in one of its projects. */
export type Participant = {
  readonly authUrl: string
  readonly name: string
  readonly password: string
  readonly project: string
  readonly region: string
}

/** A request of a learner, at the shell. */
export async function ask(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

type Service = {
  readonly type: string
  readonly endpoints: readonly { readonly interface: string; readonly region: string; readonly url: string }[]
}

/** Logs in without osrun: the header that carries the token, and the accounts of the project. */
export async function login({ authUrl, name, password, project, region }: Participant): Promise<{
  readonly auth: { readonly 'X-Auth-Token': string }
  readonly endpoint: string
  readonly endpointIn: (region: string) => string
}> {
  const domain = { name: 'Default' }
  const identity = { methods: ['password'], password: { user: { name, domain, password } } }
  const { headers, text } = await ask(
    'POST',
    `${authUrl}/auth/tokens`,
    { 'Content-Type': 'application/json' },
    JSON.stringify({ auth: { identity, scope: { project: { name: project, domain } } } }),
  )
  const { token } = JSON.parse(text) as { readonly token: { readonly catalog: readonly Service[] } }
  const endpointIn = (wanted: string): string =>
    token.catalog
      .find(({ type }) => type === 'object-store')
      ?.endpoints.find((one) => one.interface === 'public' && one.region === wanted)?.url ?? ''
  return {
    auth: { 'X-Auth-Token': headers.get('X-Subject-Token') ?? '' },
    endpoint: endpointIn(region),
    endpointIn,
  }
}
