// many-heads.mjs undici|undici-closing|osrun REQUESTS PARALLEL
import { login } from './login.mjs'

const [kind, requests, parallel] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const each = Math.ceil(requests / parallel)
const path = 'photos/fullsize/ovh-summit-2014-backstage-DS.jpg'
const workers = {
  undici: () => undici(false),
  // As it comes, undici closes the connection after each HEAD.
  'undici-closing': () => undici(undefined),
  osrun,
}
await workers[kind]()

async function undici(reset) {
  const { Agent } = await import('undici')
  const agent = new Agent({ connections: parallel })
  const { token, url } = await login(agent)
  const { origin, pathname } = new URL(url)
  const worker = async () => {
    for (let count = 0; count < each; count += 1) {
      const answer = await agent.request({
        origin,
        path: `${pathname}/${path}`,
        method: 'HEAD',
        headers: { 'X-Auth-Token': token },
        reset,
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
  const { loadRecipe, resolveCloud, runSuite } = await import('../dist/library/index.js')
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
