import { beforeEach, describe, expect, test } from 'vitest'
import { toShellScript } from '../../src/export/shell/script.ts'
import { verbs } from '../../src/steps/index.ts'
import { recipeOf } from '../run/on-sandbox.ts'
import { startSmallKeystone } from '../run/small-keystone.ts'
import { runScript, shells } from './shell.ts'

type Server = Awaited<ReturnType<typeof startSmallKeystone>>
let keystone: Server
let other: Server
beforeEach(async () => {
  ;[keystone, other] = [await startSmallKeystone(), await startSmallKeystone()]
})

const canary = 'CANARY/of "the +caller'

async function run(
  steps: readonly string[],
  shell: readonly string[],
  { allowOrigins = [], head = '' }: { allowOrigins?: readonly string[]; head?: string } = {},
) {
  const lines = steps.map((step) => `  - ${step.replaceAll('THERE', other.base)}\n`)
  const recipe = await recipeOf(`osrun: 1\nname: n\n${head}steps:\n${lines.join('')}`)
  const script = await toShellScript(recipe, { verbs, cloud: undefined, allowOrigins })
  return runScript(script, shell, {
    ...keystone.environment,
    OS_TOKEN: canary,
    MY_API_KEY: canary,
    SETTING: 'blue',
  })
}

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  test.each([
    '{ url: "GET THERE/${V}" }',
    '{ url: "GET THERE/", query: { p: "a${V}" } }',
    '{ url: "GET THERE/", headers: { X-P: "${V}" } }',
    '{ url: "POST THERE/", json: { p: ["a ${V}"] } }',
    '{ url: "POST THERE/", form: { p: "${V}" } }',
    '{ url: "POST THERE/", body: "${V}" }',
    '{ url: "POST THERE/", multipart: { p: "${V}" } }',
  ])('a credential goes nowhere but to the cloud by %s', async (request) => {
    const step = `request: ${request.replace('${V}', '${env.MY_API_KEY}')}`
    const { status, stderr } = await run([step], shell)
    expect([status, stderr]).toEqual([1, expect.stringContaining(`MY_API_KEY is not for ${other.base}`)])
    expect(other.seen).toEqual([])
    expect(await run([step], shell, { allowOrigins: [other.base] })).toMatchObject({ stderr: '', status: 0 })
    expect(other.seen).toHaveLength(1)
    expect((await run([step.replace('MY_API_KEY', 'SETTING')], shell)).status).toBe(0)
  })

  test('to the cloud it goes: to Keystone, and to what its catalog names', async () => {
    const service = await startSmallKeystone()
    keystone = await startSmallKeystone({ catalog: [`${service.base}/v1`] })
    const sent = 'headers: { X-P: "${env.MY_API_KEY}" }'
    const steps = [
      `request: { url: "GET \${env.OS_AUTH_URL}/x", ${sent} }`,
      'authenticate:',
      'pick-endpoint: object-store',
      `request: { url: "GET \${endpoint}/x", ${sent} }`,
    ]
    const ended = await run(steps, shell)
    expect(ended.stderr).toBe('')
    expect(service.seen).toHaveLength(1)
    expect(keystone.revoked).toEqual(keystone.made)
  })

  test('a token without a catalog goes where another one of the same Keystone may go', async () => {
    const service = await startSmallKeystone()
    keystone = await startSmallKeystone({ catalog: [`${service.base}/v1`] })
    const steps = [
      'authenticate:',
      'pick-endpoint: object-store',
      'authenticate: { as: second, nocatalog: true }',
      'request: { url: "GET ${endpoint}/x", token: false, headers: { X-Auth-Token: "${second}" } }',
    ]
    expect((await run(steps, shell)).stderr).toBe('')
    expect(service.seen).toHaveLength(1)
  })

  test('a token goes to the servers of its own cloud alone', async () => {
    const behaviour: Parameters<typeof startSmallKeystone>[0] = {}
    other = await startSmallKeystone(behaviour)
    behaviour.login = (_request, response) =>
      void response.writeHead(201, other.headersOf('token-of-the-second')).end(other.tokenBody())
    const second =
      'authenticate: { auth-url: "THERE/v3", user: { name: a, domain: Default }, password: "${pw}", scope: unscoped, as: second }'
    const head = 'inputs: { pw: { type: string, default: of-the-second } }\n'
    const fine = [
      'authenticate:',
      second,
      'request: { url: "GET THERE/own", headers: { X-Auth-Token: "${second}" }, token: false }',
    ]
    expect(await run(fine, shell, { head })).toMatchObject({ status: 0, stderr: '' })
    for (const request of [
      '{ url: "GET THERE/x", headers: { X-Auth-Token: "${token}" } }',
      '{ url: "GET THERE/x", headers: { X-P: "${token}" }, token: false }',
      '{ url: "GET THERE/x", query: { p: "${token}" } }',
      '{ url: "GET THERE/x", token: true }',
    ])
      expect([
        request,
        (await run(['authenticate:', second, `request: ${request}`], shell, { head })).status,
      ]).not.toEqual([request, 0])
    expect(other.seen.filter(({ path }) => path.startsWith('/x'))).toEqual([])
    expect(keystone.revoked.toSorted()).toEqual(keystone.made.toSorted())
  })

  test("this cloud's password does not go to another Keystone", async () => {
    const { status, stderr } = await run(['authenticate: { auth-url: "THERE/v3" }'], shell)
    expect(status).toBe(1)
    expect(stderr).toContain(`OS_PASSWORD is not for ${other.base}`)
    expect(other.logins()).toBe(0)
  })
})
