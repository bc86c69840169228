import { describe, expect, test } from 'vitest'
import { readFault } from '../../src/sandbox/faults/index.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { account, ask, login } from './ask.ts'

function setting(text: string) {
  const read = readFault(text, { hasTls: false })
  if ('problem' in read) throw new Error(read.problem)
  return read
}

async function statusOf(sandbox: Sandbox, token: string): Promise<number> {
  return (await ask(sandbox, 'HEAD', `${account}/photos`, { headers: { 'X-Auth-Token': token } })).status
}

async function revoke(sandbox: Sandbox, token: string): Promise<void> {
  const headers = { 'X-Auth-Token': token, 'X-Subject-Token': token }
  expect((await ask(sandbox, 'DELETE', '/identity/v3/auth/tokens', { headers })).status).toBe(204)
}

describe('while revocation is seen late', () => {
  test('the object store takes a revoked token until it asks again, and Keystone does not', async () => {
    let time = Date.now()
    await using sandbox = await startSandbox({ now: () => time, faults: [setting('late-revocation=300s')] })
    const token = await login(sandbox)
    expect(await statusOf(sandbox, token)).toBe(204)
    await revoke(sandbox, token)
    expect(await statusOf(sandbox, token)).toBe(204)
    const asked = await ask(sandbox, 'GET', '/identity/v3/auth/catalog', {
      headers: { 'X-Auth-Token': token },
    })
    expect(asked.status).toBe(401)
    time += 300_000
    expect(await statusOf(sandbox, token)).toBe(401)
  })

  test('a token that it has not seen before is refused at once', async () => {
    await using sandbox = await startSandbox({ faults: [setting('late-revocation')] })
    const token = await login(sandbox)
    await revoke(sandbox, token)
    expect(await statusOf(sandbox, token)).toBe(401)
  })

  test('an expired token is refused all the same', async () => {
    let time = Date.now()
    const faults = [setting('late-revocation=1h'), setting('token-life=10s')]
    await using sandbox = await startSandbox({ now: () => time, faults })
    const token = await login(sandbox)
    expect(await statusOf(sandbox, token)).toBe(204)
    time += 11_000
    expect(await statusOf(sandbox, token)).toBe(401)
  })
})

test('a fault that is switched on again begins anew, and its effect ends when it is switched off', async () => {
  await using sandbox = await startSandbox()
  const { faults } = sandbox
  const token = await login(sandbox)
  faults.on(setting('unavailable=1'))
  expect([await statusOf(sandbox, token), await statusOf(sandbox, token)]).toEqual([503, 204])
  faults.on(setting('unavailable=2'))
  expect(faults.list()).toEqual([{ name: 'unavailable', value: '2' }])
  expect(await statusOf(sandbox, token)).toBe(503)
  expect([faults.off('unavailable'), faults.off('unavailable')]).toEqual([true, false])
  expect(await statusOf(sandbox, token)).toBe(204)
})

test.each([
  ['unavailable=2', 2],
  ['rate-limit', 1],
  ['unauthorized=3', 3],
  ['expired-tokens', 1],
])('%s is off when it has happened as often as it should, and who watches is told', async (text, times) => {
  await using sandbox = await startSandbox()
  const { faults } = sandbox
  const token = await login(sandbox)
  const told: (readonly string[])[] = []
  const watching = faults.watch(() => told.push(faults.list().map(({ name }) => name)))
  const { name } = setting(text)
  faults.on(setting(text))
  for (let left = times; left > 0; left--) {
    expect(faults.list()).toHaveLength(1)
    expect(await statusOf(sandbox, token)).not.toBe(204)
  }
  expect(told).toEqual([[name], []])
  expect(await statusOf(sandbox, await login(sandbox))).toBe(204)
  watching[Symbol.dispose]()
  faults.on(setting(text))
  expect(told).toHaveLength(2)
})

test('the password that is given is that of everybody, and the secret of the application credential', async () => {
  await using sandbox = await startSandbox({ password: 'one for all' })
  await login(sandbox, 'onlooker', 'one for all')
  await expect(login(sandbox, 'onlooker', 'onlooker-password')).rejects.toThrow('401')
  const identity = {
    methods: ['application_credential'],
    application_credential: { id: 'fb8f960b73cb40d082810d000916b770', secret: 'one for all' },
  }
  expect(
    (await ask(sandbox, 'POST', '/identity/v3/auth/tokens', { body: { auth: { identity } } })).status,
  ).toBe(201)
})

test('without a key nobody switches faults', async () => {
  await using sandbox = await startSandbox()
  const answer = await ask(sandbox, 'GET', '/osrun/faults', { headers: { 'X-Osrun-Key': '' } })
  expect(answer.status).toBe(401)
})

test('only oneself, and who may read everything, sees the projects and groups of somebody', async () => {
  await using sandbox = await startSandbox()
  const headers = { 'X-Auth-Token': await login(sandbox, 'onlooker', 'onlooker-password') }
  const own = '/identity/v3/users/7d0a4f6c2b184e5f9c3d1a2b3c4d5e6f'
  const other = '/identity/v3/users/de11a130d07d46cd92238b9f6dbaf004'
  const projects = (await ask(sandbox, 'GET', `${own}/projects`, { headers })).json()
  expect(projects).toMatchObject({ projects: [{ name: 'workshop' }], links: { next: null } })
  expect((await ask(sandbox, 'GET', `${own}/groups`, { headers })).json()).toMatchObject({ groups: [] })
  for (const list of ['projects', 'groups'])
    expect((await ask(sandbox, 'GET', `${other}/${list}`, { headers })).status).toBe(403)
})
