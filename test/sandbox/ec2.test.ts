import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { ask, login } from './ask.ts'
import { speakOfEc2 } from './ec2-dialogue.ts'
import { asker, newData, startKept } from './kept.ts'

const learner = 'de11a130d07d46cd92238b9f6dbaf004'
const workshop = 'fee040b1c4d24aeb985c3cdea1c3f363'
const own = `/identity/v3/users/${learner}/credentials/OS-EC2`
const body = { tenant_id: workshop }

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

test('EC2 credentials are answered as by a real Keystone', async () => {
  const token = { id: await login(sandbox), user: learner, project: workshop }
  const said = await speakOfEc2({
    authUrl: sandbox.authUrl,
    token,
    other: '7d0a4f6c2b184e5f9c3d1a2b3c4d5e6f',
  })
  expect(said).toBe(readFileSync('test/golden/keystone/ec2.txt', 'utf8'))
})

test('who is no admin sees none of another user, and an admin all', async () => {
  const made = await ask(sandbox, 'POST', own, { headers: { 'X-Auth-Token': await login(sandbox) }, body })
  const { access } = (made.json() as { credential: { access: string } }).credential
  for (const [name, password, status] of [
    ['onlooker', 'onlooker-password', 403],
    ['admin', 'admin-secret', 200],
  ] as const) {
    const headers = {
      'X-Auth-Token': await login(
        sandbox,
        name,
        password,
        name === 'admin' ? { system: { all: true } } : undefined,
      ),
    }
    expect((await ask(sandbox, 'GET', own, { headers })).status).toBe(status)
    expect((await ask(sandbox, 'GET', `${own}/${access}`, { headers })).status).toBe(status)
  }
  expect((await ask(sandbox, 'GET', own, {})).status).toBe(401)
})

test('a token of an application credential gets none', async () => {
  const identity = {
    methods: ['application_credential'],
    application_credential: { id: 'fb8f960b73cb40d082810d000916b770', secret: 'app-cred-secret' },
  }
  const entered = await ask(sandbox, 'POST', '/identity/v3/auth/tokens', { body: { auth: { identity } } })
  const headers = { 'X-Auth-Token': entered.header('X-Subject-Token') ?? '' }
  for (const method of ['GET', 'POST']) {
    const answer = await ask(sandbox, method, own, { headers, ...(method === 'POST' && { body }) })
    expect([answer.status, answer.body.toString()]).toEqual([
      403,
      expect.stringContaining('Delegated tokens cannot access credentials directly'),
    ])
  }
})

test('they are there again the next time, but for those that were deleted', async () => {
  const data = newData()
  const first = await startKept(data)
  const by = await asker(first)
  const make = async (): Promise<string> => {
    const made = await by('POST', own, { 'Content-Type': 'application/json' }, JSON.stringify(body))
    return (made.json() as { credential: { access: string } }).credential.access
  }
  const [stays, goes] = [await make(), await make()]
  await by('DELETE', `${own}/${goes}`)
  const before = (await by('GET', `${own}/${stays}`)).json() as { credential: { secret: string } }
  await first.close()
  await using second = await startKept(data)
  const listed = (await (await asker(second))('GET', own)).json() as { credentials: object[] }
  expect(listed.credentials).toMatchObject([{ access: stays, secret: before.credential.secret }])
})
