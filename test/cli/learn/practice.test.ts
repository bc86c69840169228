import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../../../src/model/recipe.ts'
import { cloudOf, loadRecipe, runToEnd, type Sandbox, startSandbox } from '../../run/on-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const lessons = readdirSync('recipes/course').sort()

async function practised(lesson: string, inputs: Readonly<Record<string, Json>> = {}) {
  const { practice } = await loadRecipe(`recipes/course/${lesson}`)
  if (practice === undefined) throw new Error(`${lesson} has no practice`)
  return (await runToEnd(practice.check, { cloud: await cloudOf(sandbox.environment), inputs })).result
}

/** A request of a learner, at the shell. */
async function ask(method: string, url: string, headers: Readonly<Record<string, string>>, body?: string) {
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) })
  await response.arrayBuffer()
  return response
}

async function login(): Promise<{
  readonly token: string
  readonly user: string
  readonly endpoint: string
}> {
  const response = await fetch(`${sandbox.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: {
            user: { name: 'learner', domain: { name: 'Default' }, password: sandbox.environment.OS_PASSWORD },
          },
        },
        scope: { project: { name: 'workshop', domain: { name: 'Default' } } },
      },
    }),
  })
  const { token } = (await response.json()) as {
    readonly token: { readonly user: { readonly id: string }; readonly project: { readonly id: string } }
  }
  return {
    token: response.headers.get('X-Subject-Token') ?? '',
    user: token.user.id,
    endpoint: `${sandbox.url}/v1/AUTH_${token.project.id}`,
  }
}

test('there are eight to ten lessons, each with notes, a question and a practice task with a hint', async () => {
  expect(lessons.length).toBeGreaterThanOrEqual(8)
  expect(lessons.length).toBeLessThanOrEqual(10)
  for (const lesson of lessons) {
    const { steps, description, practice, tags } = await loadRecipe(`recipes/course/${lesson}`)
    expect(tags).toContain('course')
    expect(description).toBeDefined()
    expect(steps.filter(({ note }) => note !== undefined).length).toBeGreaterThanOrEqual(3)
    expect(steps.some(({ quiz }) => quiz !== undefined)).toBe(true)
    expect(practice?.hint).toBeDefined()
  }
})

describe('a task that asks for a value takes the right one alone', () => {
  test.each([
    ['01-token.yaml', 'de11a130d07d46cd92238b9f6dbaf004', 'learner'],
    ['02-scopes.yaml', 'workshop', 'archive'],
    ['02-scopes.yaml', 'workshop', 'forge'],
    ['04-regions.yaml', 'RegionTwo', 'RegionOne'],
    ['04-regions.yaml', 'RegionTwo', 'Nowhere'],
    ['06-expiry.yaml', 3600, 3599],
    ['07-revocation.yaml', 404, 401],
  ])('%s: %s, not %s', async (lesson, right, wrong) => {
    expect(await practised(lesson, { answer: right })).toMatchObject({ status: 'passed', leftovers: [] })
    expect((await practised(lesson, { answer: wrong })).exit).toBeGreaterThanOrEqual(4)
  })

  test('03-catalog.yaml: the URL of the catalog, and no other', async () => {
    expect((await practised('03-catalog.yaml', { answer: sandbox.url })).exit).toBe(4)
    expect(await practised('03-catalog.yaml', { answer: sandbox.authUrl })).toMatchObject({
      status: 'passed',
    })
  })
})

describe('a task to be done is done when the cloud says so, and what was made is deleted then', () => {
  test('05-metadata.yaml', async () => {
    const { token, endpoint } = await login()
    const auth = { 'X-Auth-Token': token }
    expect((await practised('05-metadata.yaml')).exit).toBe(4)
    await ask('PUT', `${endpoint}/osrun-practice`, auth)
    await ask(
      'PUT',
      `${endpoint}/osrun-practice/hello.txt`,
      { ...auth, 'X-Object-Meta-Colour': 'blue' },
      'hello',
    )
    expect((await practised('05-metadata.yaml')).exit).toBe(4)
    await ask('POST', `${endpoint}/osrun-practice/hello.txt`, { ...auth, 'X-Object-Meta-Colour': 'green' })
    expect(await practised('05-metadata.yaml')).toMatchObject({ status: 'passed', leftovers: [] })
    expect((await ask('HEAD', `${endpoint}/osrun-practice`, auth)).status).toBe(404)
  })

  test('08-errors.yaml', async () => {
    const { token, endpoint } = await login()
    const auth = { 'X-Auth-Token': token }
    const upload = () => ask('PUT', `${endpoint}/osrun-practice-errors/hello.txt`, auth, 'hello')
    expect((await upload()).status).toBe(404)
    expect((await practised('08-errors.yaml')).exit).toBe(4)
    await ask('PUT', `${endpoint}/osrun-practice-errors`, auth)
    expect((await upload()).status).toBe(201)
    expect(await practised('08-errors.yaml')).toMatchObject({ status: 'passed', leftovers: [] })
    expect((await ask('HEAD', `${endpoint}/osrun-practice-errors`, auth)).status).toBe(404)
  })

  test('09-application-credentials.yaml', async () => {
    const { token, user } = await login()
    const url = `${sandbox.authUrl}/users/${user}/application_credentials`
    expect((await practised('09-application-credentials.yaml')).exit).toBe(4)
    const made = await ask(
      'POST',
      url,
      { 'X-Auth-Token': token, 'Content-Type': 'application/json' },
      JSON.stringify({ application_credential: { name: 'osrun-practice' } }),
    )
    expect(made.status).toBe(201)
    expect(await practised('09-application-credentials.yaml')).toMatchObject({
      status: 'passed',
      leftovers: [],
    })
    expect((await practised('09-application-credentials.yaml')).exit).toBe(4)
  })

  test('10-temp-url.yaml', async () => {
    const { token, endpoint } = await login()
    const auth = { 'X-Auth-Token': token }
    const key = (text: string) => ({ ...auth, 'X-Container-Meta-Temp-URL-Key': text })
    await ask('PUT', `${endpoint}/osrun-practice-url`, key('another-key-12345'))
    await ask('PUT', `${endpoint}/osrun-practice-url/hello.txt`, auth, 'hello')
    expect((await practised('10-temp-url.yaml')).exit).toBe(4)
    await ask('POST', `${endpoint}/osrun-practice-url`, key('let-me-in-12345'))
    expect(await practised('10-temp-url.yaml')).toMatchObject({ status: 'passed', leftovers: [] })
    expect((await ask('HEAD', `${endpoint}/osrun-practice-url`, auth)).status).toBe(404)
  })
})
