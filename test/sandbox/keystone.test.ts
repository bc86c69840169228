import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ask, login, type loginBody } from './ask.ts'

const credentials = '/identity/v3/users/de11a130d07d46cd92238b9f6dbaf004/application_credentials'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ now: () => Date.parse('2026-01-01T00:00:00Z') })
})
afterAll(() => sandbox.close())

// As a Keystone 22 answered.
test.each([
  ['learner', 'default', 200],
  ['learner', 'none', 403],
  ['admin', 'default', 200],
  ['admin', 'none', 404],
] as const)('%s who asks for the domain "%s" gets %i', async (name, domain, status) => {
  const who: Parameters<typeof loginBody> =
    name === 'learner' ? [] : [name, 'admin-secret', { system: { all: true } }]
  const answer = await ask(sandbox, 'GET', `/identity/v3/domains/${domain}`, {
    headers: { 'X-Auth-Token': await login(sandbox, ...who) },
  })
  expect(answer.status).toBe(status)
  if (status === 200) expect(answer.json()).toMatchObject({ domain: { id: domain, name: 'Default' } })
})

test.each([
  ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000000'],
  ['2026-01-02T03:04:05.1', '2026-01-02T03:04:05.100000'],
  ['2026-01-02T03:04:05.123406', '2026-01-02T03:04:05.123406'],
  ['2026-01-02T03:04:05.000001Z', '2026-01-02T03:04:05.000001'],
] as const)('an application credential that is to end at %s ends at %s', async (given, kept) => {
  const token = await login(sandbox)
  const headers = { 'X-Auth-Token': token }
  const body = { application_credential: { name: given, expires_at: given } }
  const made = await ask(sandbox, 'POST', credentials, { headers, body })
  expect(made.json()).toMatchObject({ application_credential: { expires_at: kept } })
})

test.each(['2026-01-02T03:04:05+01:00', '2026-13-02T03:04:05Z', 'tomorrow'])(
  'an application credential does not end at "%s"',
  async (expires_at) => {
    const answer = await ask(sandbox, 'POST', credentials, {
      headers: { 'X-Auth-Token': await login(sandbox) },
      body: { application_credential: { name: 'a', expires_at } },
    })
    expect([answer.status, answer.json()]).toMatchObject([
      400,
      { error: { message: expect.stringMatching(/^Timestamp not in expected format\. /) } },
    ])
  },
)
