/** Logs in by OS_* with bare undici, and gives the token and the object store's public URL. */
export async function login(agent) {
  const { OS_AUTH_URL: authUrl, OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME, OS_REGION_NAME } = process.env
  const domain = { name: 'Default' }
  const user = { name: OS_USERNAME, domain, password: OS_PASSWORD }
  const scope = { project: { name: OS_PROJECT_NAME, domain } }
  const issued = await agent.request({
    origin: new URL(authUrl).origin,
    path: `${new URL(authUrl).pathname}/auth/tokens`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } }),
  })
  const token = issued.headers['x-subject-token']
  const { url } = (await issued.body.json()).token.catalog
    .find(({ type }) => type === 'object-store')
    .endpoints.find(
      ({ interface: face, region_id: region }) => face === 'public' && region === OS_REGION_NAME,
    )
  return { token, url }
}
