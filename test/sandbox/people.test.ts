import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { account, ask, login, loginBody } from './ask.ts'
import { newData, startKept } from './kept.ts'
import { speakOfPeople } from './people-dialogue.ts'

const service = { project: { name: 'service', domain: { id: 'default' } } }

type Asking = (method: string, path: string, body?: object) => ReturnType<typeof ask>

async function asAdmin(sandbox: Sandbox, password = 'admin-secret'): Promise<Asking> {
  const token = await login(sandbox, 'admin', password, service)
  return (method, path, body) =>
    ask(sandbox, method, `/identity/v3${path}`, { headers: { 'X-Auth-Token': token }, ...(body && { body }) })
}

async function make(asking: Asking, kind: 'user' | 'project', fields: object): Promise<string> {
  const made = (await asking('POST', `/${kind}s`, { [kind]: fields })).json() as Record<
    string,
    { id: string }
  >
  return made[kind]?.id ?? ''
}

async function roleId(asking: Asking, name: string): Promise<string> {
  const found = (await asking('GET', `/roles?name=${name}`)).json() as { roles: readonly { id: string }[] }
  return found.roles[0]?.id ?? ''
}

/** A project, and somebody who may do everything in its object store. */
async function makeWorld(asking: Asking): Promise<{ readonly user: string; readonly project: string }> {
  const project = await make(asking, 'project', { name: 'mill' })
  const user = await make(asking, 'user', { name: 'miller', password: 'flour' })
  await asking(
    'PUT',
    `/projects/${project}/users/${user}/roles/${await roleId(asking, 'objectstore_operator')}`,
  )
  return { user, project }
}

const mill = { project: { name: 'mill', domain: { id: 'default' } } }

test('an administrator of users, projects and roles is answered as by a real Keystone', async () => {
  await using sandbox = await startSandbox()
  const said = await speakOfPeople({
    authUrl: sandbox.authUrl,
    admin: { name: 'admin', password: 'admin-secret', project: 'service' },
    name: 'people-01234567',
  })
  expect(said).toBe(readFileSync('test/golden/keystone/people.txt', 'utf8'))
})

test('who was made logs in and has an object store of his own', async () => {
  await using sandbox = await startSandbox()
  const { project } = await makeWorld(await asAdmin(sandbox))
  const headers = { 'X-Auth-Token': await login(sandbox, 'miller', 'flour', mill), 'Content-Length': '0' }
  expect((await ask(sandbox, 'PUT', `/v1/AUTH_${project}/sacks`, { headers })).status).toBe(201)
  expect((await ask(sandbox, 'PUT', `${account}/sacks`, { headers })).status).toBe(403)
})

test.each([
  ['another password', 'users', { user: { password: 'bran' } }],
  ['a disabled user', 'users', { user: { enabled: false } }],
  ['a disabled project', 'projects', { project: { enabled: false } }],
] as const)('%s ends tokens, and the old way in', async (_, kind, body) => {
  await using sandbox = await startSandbox()
  const admin = await asAdmin(sandbox)
  const world = await makeWorld(admin)
  const headers = { 'X-Auth-Token': await login(sandbox, 'miller', 'flour', mill) }
  await admin('PATCH', `/${kind}/${kind === 'users' ? world.user : world.project}`, body)
  expect((await ask(sandbox, 'GET', `/v1/AUTH_${world.project}`, { headers })).status).toBe(401)
  const again = await ask(sandbox, 'POST', '/identity/v3/auth/tokens', {
    body: loginBody('miller', 'flour', mill),
  })
  expect(again.status).toBe(401)
})

test('who loses his role loses his tokens for the project, and no others', async () => {
  await using sandbox = await startSandbox()
  const admin = await asAdmin(sandbox)
  const { user, project } = await makeWorld(admin)
  const headers = { 'X-Auth-Token': await login(sandbox, 'miller', 'flour', mill) }
  const unscoped = { 'X-Auth-Token': await login(sandbox, 'miller', 'flour', 'unscoped') }
  await admin(
    'DELETE',
    `/projects/${project}/users/${user}/roles/${await roleId(admin, 'objectstore_operator')}`,
  )
  expect((await ask(sandbox, 'GET', `/v1/AUTH_${project}`, { headers })).status).toBe(401)
  expect((await ask(sandbox, 'GET', '/identity/v3/auth/projects', { headers: unscoped })).status).toBe(200)
})

test('a role brings along what it implies', async () => {
  await using sandbox = await startSandbox()
  const admin = await asAdmin(sandbox)
  const { user, project } = await makeWorld(admin)
  await admin('PUT', `/projects/${project}/users/${user}/roles/${await roleId(admin, 'admin')}`)
  const answer = await ask(sandbox, 'POST', '/identity/v3/auth/tokens', {
    body: loginBody('miller', 'flour', mill),
  })
  const { token } = answer.json() as { token: { roles: readonly { name: string }[] } }
  expect(token.roles.map(({ name }) => name).sort()).toEqual([
    'admin',
    'member',
    'objectstore_operator',
    'reader',
  ])
})

test('two sandboxes do not know of one another', async () => {
  await using one = await startSandbox()
  await using two = await startSandbox()
  await makeWorld(await asAdmin(one))
  const answer = await ask(two, 'POST', '/identity/v3/auth/tokens', {
    body: loginBody('miller', 'flour', mill),
  })
  expect(answer.status).toBe(401)
})

test('an application credential is good for the requests of its access rules only', async () => {
  await using sandbox = await startSandbox()
  const headers = { 'X-Auth-Token': await login(sandbox) }
  const learner = 'de11a130d07d46cd92238b9f6dbaf004'
  const access_rules = [
    { service: 'object-store', method: 'GET', path: '/v1/*/photos/**' },
    { service: 'object-store', method: 'PUT', path: '/v1/{account}/new' },
  ]
  const made = await ask(sandbox, 'POST', `/identity/v3/users/${learner}/application_credentials`, {
    headers,
    body: { application_credential: { name: 'ruled', access_rules } },
  })
  const { id, secret } = (made.json() as { application_credential: { id: string; secret: string } })
    .application_credential
  const identity = { methods: ['application_credential'], application_credential: { id, secret } }
  const answer = await ask(sandbox, 'POST', '/identity/v3/auth/tokens', { body: { auth: { identity } } })
  const ruled = { 'X-Auth-Token': answer.header('X-Subject-Token') ?? '', 'Content-Length': '0' }
  const status = async (method: string, path: string): Promise<number> =>
    (await ask(sandbox, method, `${account}${path}`, { headers: ruled })).status
  const photo = '/photos/fullsize/ovh-summit-2014-backstage-DS.jpg'
  expect([await status('GET', photo), await status('HEAD', photo), await status('GET', '/photos')]).toEqual([
    200, 401, 401,
  ])
  expect([await status('PUT', '/new'), await status('PUT', '/new/o')]).toEqual([201, 401])
})

test('who was made, changed and removed is so the next time, and of a password there is a hash', async () => {
  const data = newData()
  const first = await startKept(data, { password: 'pw' })
  const admin = await asAdmin(first, 'pw')
  await makeWorld(admin)
  const onlooker = '7d0a4f6c2b184e5f9c3d1a2b3c4d5e6f'
  await admin('PATCH', `/users/${onlooker}`, { user: { name: 'watcher' } })
  await admin('DELETE', '/users/52f942f822b64d8aa52483afce1e0745')
  await first.close()
  await using second = await startKept(data, { password: 'other' })
  await login(second, 'miller', 'flour', mill)
  await login(second, 'watcher', 'other')
  const gone = await ask(second, 'POST', '/identity/v3/auth/tokens', { body: loginBody('plain', 'other') })
  expect(gone.status).toBe(401)
})

test('access rules stay when their application credential goes, until they are removed themselves', async () => {
  await using sandbox = await startSandbox()
  const headers = { 'X-Auth-Token': await login(sandbox) }
  const own = '/identity/v3/users/de11a130d07d46cd92238b9f6dbaf004'
  const asked = (method: string, path: string, body?: object): ReturnType<typeof ask> =>
    ask(sandbox, method, `${own}${path}`, { headers, ...(body && { body }) })
  const rule = { service: 'object-store', method: 'GET', path: '/v1/**' }
  const make = async (access_rules: unknown): ReturnType<typeof ask> =>
    asked('POST', '/application_credentials', { application_credential: { name: 'ruled', access_rules } })
  expect((await make([{ ...rule, method: 'GRAB' }])).status).toBe(400)
  expect((await make([{ path: '/v1/**' }])).status).toBe(400)
  const made = (await make([rule])).json() as { application_credential: { id: string } }
  const [kept] = ((await asked('GET', '/access_rules')).json() as { access_rules: readonly { id: string }[] })
    .access_rules
  expect(kept).toMatchObject(rule)
  const path = `/access_rules/${kept?.id}`
  expect((await asked('DELETE', path)).status).toBe(403)
  await asked('DELETE', `/application_credentials/${made.application_credential.id}`)
  expect((await asked('GET', path)).status).toBe(200)
  expect((await asked('DELETE', path)).status).toBe(204)
  expect((await asked('GET', path)).status).toBe(404)
})
