// guide-undici.mjs [TIMES [PARALLEL [closing]]]: the guide's job on undici alone, without anything that makes it
// repeatable; with `closing` as undici comes, which closes the connection after each HEAD.
import { Agent } from 'undici'

const { OS_AUTH_URL: authUrl, OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME, OS_REGION_NAME } = process.env
const [times = 1, parallel = 1] = process.argv.slice(2, 4).map(Number)
const reset = process.argv[4] === 'closing' ? undefined : false
const agent = new Agent({ connections: parallel })
const domain = { name: 'Default' }
const user = { name: OS_USERNAME, domain, password: OS_PASSWORD }
const identity = { methods: ['password'], password: { user } }
const scope = { project: { name: OS_PROJECT_NAME, domain } }

let left = times
await Promise.all(
  Array.from({ length: parallel }, async () => {
    while (left-- > 0) await job()
  }),
)
await agent.close()

async function job() {
  const issued = await send(
    'POST',
    `${authUrl}/auth/tokens`,
    { 'Content-Type': 'application/json' },
    JSON.stringify({ auth: { identity, scope } }),
  )
  const token = issued.headers['x-subject-token']
  const { url } = JSON.parse(issued.text)
    .token.catalog.find(({ type }) => type === 'object-store')
    .endpoints.find(
      ({ interface: face, region_id: region }) => face === 'public' && region === OS_REGION_NAME,
    )
  const photo = await send('HEAD', `${url}/photos/fullsize/ovh-summit-2014-backstage-DS.jpg`, {
    'X-Auth-Token': token,
  })
  if (photo.status !== 200) throw new Error(`status ${photo.status}`)
  const both = { 'X-Auth-Token': token, 'X-Subject-Token': token }
  await send('DELETE', `${authUrl}/auth/tokens`, both)
  await send('HEAD', `${authUrl}/auth/tokens`, both)
}

async function send(method, url, headers, body) {
  const { origin, pathname } = new URL(url)
  const answer = await agent.request({ origin, path: pathname, method, headers, body, reset })
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() }
}
