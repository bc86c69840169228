// many-heads.mjs undici|osrun REQUESTS PARALLEL
const [kind, requests, parallel] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const each = Math.ceil(requests / parallel)
const path = 'photos/fullsize/ovh-summit-2014-backstage-DS.jpg'
const workers = { undici, osrun }
await workers[kind]()

async function undici() {
  const { Agent } = await import('undici')
  const agent = new Agent({ connections: parallel })
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
  const { origin, pathname } = new URL(url)
  const worker = async () => {
    for (let count = 0; count < each; count += 1) {
      const answer = await agent.request({
        origin,
        path: `${pathname}/${path}`,
        method: 'HEAD',
        headers: { 'X-Auth-Token': token },
      })
      await answer.body.dump()
      if (answer.statusCode !== 200 || !/^[0-9a-f]{32}$/.test(answer.headers.etag))
        throw new Error('not as expected')
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  await agent.close()
}

async function osrun() {
  const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { loadRecipe, resolveCloud, runSuite } = await import('../dist/index.js')
  const { readFile } = await import('node:fs/promises')
  const folder = mkdtempSync(`${tmpdir()}/osrun-bench-`)
  const step = `  - request: HEAD \${endpoint}/${path}\n  - assert: { status: 200, headers: { etag: { pattern: "^[0-9a-f]{32}$" } } }\n`
  writeFileSync(
    `${folder}/many.yaml`,
    `osrun: 1\nname: many\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n${step.repeat(each)}`,
  )
  const cloud = await resolveCloud({
    flags: {},
    environment: process.env,
    home: '/nonexistent',
    cwd: '/nonexistent',
    platform: 'linux',
    readFile: (file) => readFile(file, 'utf8').catch(() => undefined),
  })
  const recipe = await loadRecipe(`${folder}/many.yaml`)
  rmSync(folder, { recursive: true })
  const entries = Array.from({ length: parallel }, () => ({ recipe, inputs: {} }))
  const suite = runSuite(entries, { cloud, jobs: parallel })
  let exchanges = 0
  for await (const event of suite) if (event.type === 'exchange') exchanges += 1
  const { exit } = await suite.result
  if (exit !== 0 || exchanges < each * parallel) throw new Error(`${exit}, ${exchanges} exchanges`)
}
