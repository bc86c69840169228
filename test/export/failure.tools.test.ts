import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cloudOf, loadRecipe, recipeOf, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { runScript, shells } from './shell.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const start = 'osrun: 1\nname: failing\nsteps:\n  - authenticate:\n'
const store = `${start}  - pick-endpoint: object-store\n`
const made = `${store}  - request: PUT \${endpoint}/osrun-\${run.id}
    defer:
      - request: { url: "DELETE \${endpoint}/osrun-\${run.id}", expect: [204, 404] }
`
type Case = readonly [name: string, recipe: string, exit: number, environment?: Record<string, string>]
const cases: readonly Case[] = [
  ['a wrong password', store, 5, { OS_PASSWORD: 'not this' }],
  ['no such project', store, 5, { OS_PROJECT_NAME: 'nowhere' }],
  ['nothing that listens', start, 3, { OS_AUTH_URL: 'http://127.0.0.1:9/v3' }],
  ['no Keystone there', start, 5, { OS_AUTH_URL: '%/photos' }],
  ['no such service', `${start}  - pick-endpoint: compute\n`, 5],
  ['no such region', store, 5, { OS_REGION_NAME: 'Atlantis' }],
  [
    'no such interface',
    `${start}  - pick-endpoint: { service: object-store, interface: [admin, internalURL], region: Atlantis }\n`,
    5,
  ],
  ['a status of 404', `${made}  - request: GET \${endpoint}/osrun-nothing\n`, 4],
  [
    'another status than expected',
    `${made}  - request: { url: "GET \${endpoint}/photos", expect: 204 }\n`,
    4,
  ],
  [
    'a status out of a schema',
    `${made}  - request: { url: "GET \${endpoint}/photos", expect: { minimum: 300 } }\n`,
    4,
  ],
  [
    'an answer that differs in many ways',
    `${made}  - request: GET \${endpoint}/photos?format=json
  - assert:
      status: 418
      headers: { content-type: text/plain, x-nothing: 1, content-length: { maximum: 1 } }
      json: { "$[0].name": nobody, "$.x": 1, "$[*].bytes": { maxItems: 0 } }
      body: { pattern: "^nothing$" }
      size: { maximum: 3 }
      md5: abc
      context: { endpoint.region: Atlantis, endpoint: x, token.project.name: nobody, token.nothing: 1 }
`,
    4,
  ],
  [
    'nothing where a capture looks',
    `${made}  - request: GET \${endpoint}/photos?format=json\n    capture: { gone: "$[0].nothing" }\n`,
    4,
  ],
  [
    'nothing where a value of the run is expected',
    `${made}  - request: GET \${endpoint}/photos?format=json
  - assert: { json: { "$[0].nothing": { const: "\${token.project.name}" } }, headers: { x-nothing: { enum: [a, "\${token.project.name}"] } } }
`,
    4,
  ],
  ['a field that is not there', `${made}  - request: GET \${endpoint}/\${token.nothing}\n`, 3],
  [
    'null where a field becomes text',
    `${made}  - request: GET \${endpoint}/\${token.user.password_expires_at}\n`,
    3,
  ],
  ...[
    'url: "GET ${endpoint}/${never}"',
    'url: "GET ${endpoint}/", query: { marker: "${never}" }',
    'url: "GET ${endpoint}/", headers: { X-Color: "${never}" }',
    'url: "POST ${endpoint}/", form: { color: "${never}" }',
    'url: "POST ${endpoint}/", multipart: { color: "${never}" }',
    'url: "POST ${endpoint}/", body: "color=${never}"',
    'url: "POST ${endpoint}/", json: { color: "is ${never}" }',
    'url: "GET ${endpoint}/", headers: { X-Color: "${never:?there is none}" }',
  ].map(
    (request): Case => [
      `null in a request: ${request}`,
      made
        .replace('- authenticate:', '$&\n    capture: { never: $.token.user.password_expires_at }')
        .concat(`  - request: { ${request} }\n`),
      3,
    ],
  ),
  ['a variable that is not there', `${made}  - request: GET \${endpoint}/\${env.NOT_THERE}\n`, 3],
  ['a cleaning up that fails', `${made}  - request: PUT \${endpoint}/osrun-\${run.id}/object\n`, 6],
  [
    'a step that may fail',
    `${made}  - request: GET \${endpoint}/osrun-nothing\n    allow-failure: true\n`,
    0,
  ],
  [
    'a token for a stranger',
    `${start}  - request: { url: "GET http://127.0.0.1:1/", headers: { X-Auth-Token: "\${token}" } }\n`,
    3,
  ],
  ['a token that the recipe revokes before its deferred step', `${made}  - revoke:\n`, 0],
]

function ownEnvironment(environment: Record<string, string> = {}): Record<string, string> {
  const given = Object.entries(environment).map(([name, value]) => [name, value.replace('%', sandbox.url)])
  return { ...sandbox.environment, ...Object.fromEntries(given) } as Record<string, string>
}

const mismatchLine = /^ {2}(.*)\.$/

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  test('an endpoint override in the environment is not passed over in silence', async () => {
    const script = await exported(await recipeOf(start))
    const environment = ownEnvironment({ OS_OBJECT_STORE_ENDPOINT_OVERRIDE: 'http://127.0.0.1:1/' })
    const { status, stderr } = await runScript(script, shell, environment)
    expect(stderr).toContain('OS_OBJECT_STORE_ENDPOINT_OVERRIDE is set, and this script knows no overrides.')
    expect(status).toBe(1)
  })

  test.each(cases.map((one) => [one[0], one] as const))(
    '%s ends as in osrun, and leaves nothing',
    async (_title, [, text, exit, environment]) => {
      const recipe = await recipeOf(text)
      const own = await runToEnd(recipe, { cloud: await cloudOf(ownEnvironment(environment)) })
      expect(own.result.exit).toBe(exit)
      const containers = osrunContainers()
      const script = await exported(recipe)
      const { status, stdout, stderr } = await runScript(script, shell, ownEnvironment(environment))
      expect([status, stderr]).toEqual([exit, exit === 0 && !text.includes('allow-failure') ? '' : stderr])
      expect(sandbox.liveTokens()).toEqual([])
      if (exit !== 6) expect(osrunContainers() - containers).toBe(containers)
      const told = own.events.flatMap((event) =>
        event.type === 'step:end' && event.result.status === 'failed' ? event.result.mismatches : [],
      )
      const lines = stderr.split('\n').flatMap((line) => mismatchLine.exec(line)?.[1] ?? [])
      if (lines.length > 0)
        expect(lines.sort()).toEqual(
          told
            .map(({ subject, expected, found }) => `${subject}: expected ${expected}, found ${found}`)
            .sort(),
        )
      expect(stdout + stderr).not.toContain(sandbox.environment.OS_PASSWORD)
    },
  )
})

function osrunContainers(): number {
  const names = sandbox.requests.filter(({ path }) => /\/osrun-[0-9a-f]{8}$/.test(path))
  return names.filter(({ method }) => method === 'DELETE').length
}

test('the guide passes with an input of its own', async () => {
  const script = await exported(await loadRecipe('recipes/object-metadata.yaml'))
  const good = await runScript(script, ['dash'], { ...sandbox.environment, container: 'photos' })
  expect(good.status).toBe(0)
  const bad = await runScript(script, ['dash'], { ...sandbox.environment, container: 'nothing' })
  expect(bad.status).toBe(4)
})
