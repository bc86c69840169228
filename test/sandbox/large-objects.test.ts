import { expect, test } from 'vitest'
import { startSandbox } from '../run/on-sandbox.ts'
import { login } from './ask.ts'

const account = '/v1/AUTH_fee040b1c4d24aeb985c3cdea1c3f363'
type Asked = (method: string, path: string, body?: string) => Promise<Response>

async function asked(sandbox: { readonly url: string }): Promise<Asked> {
  const headers = { 'X-Auth-Token': await login(sandbox as never, 'learner', 'pw') }
  return (method, path, body) =>
    fetch(`${sandbox.url}${account}${path}`, { method, headers, ...(body !== undefined && { body }) })
}

/** Answers within five seconds, or what they came to. */
async function soon<T>(work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  const result = await work()
  expect(performance.now() - started).toBeLessThan(5000)
  return result
}

const thousandOf = (name: string): string =>
  JSON.stringify(Array.from({ length: 1000 }, () => ({ path: `/large/${name}` })))

test('Large objects of large objects are made at once; opening very many segments, and deleting them, is refused', async () => {
  await using sandbox = await startSandbox({ password: 'pw' })
  const ask = await asked(sandbox)
  await ask('PUT', '/large')
  await ask('PUT', '/large/piece', 'x')
  for (const [name, of] of [
    ['first', 'piece'],
    ['second', 'first'],
    ['third', 'second'],
  ] as const)
    expect(
      (await soon(() => ask('PUT', `/large/${name}?multipart-manifest=put`, thousandOf(of)))).status,
    ).toBe(201)
  const first = await ask('GET', '/large/first')
  expect(await first.text()).toBe('x'.repeat(1000))
  expect((await soon(() => ask('GET', '/large/third'))).status).toBe(409)
  const deleted = await soon(() => ask('DELETE', '/large/third?multipart-manifest=delete'))
  expect(await deleted.text()).toContain('Too many buffered slo segments to delete.')
  expect((await soon(() => ask('GET', '/large/piece'))).status).toBe(200)
})

test('A large object of a few large objects is sent whole', async () => {
  await using sandbox = await startSandbox({ password: 'pw' })
  const ask = await asked(sandbox)
  await ask('PUT', '/large')
  await ask('PUT', '/large/piece', 'ab')
  const manifest = (...paths: readonly string[]): string =>
    JSON.stringify(paths.map((path) => ({ path: `/large/${path}` })))
  await ask('PUT', '/large/inner?multipart-manifest=put', manifest('piece', 'piece'))
  await ask('PUT', '/large/outer?multipart-manifest=put', manifest('inner', 'piece', 'inner'))
  expect(await (await ask('GET', '/large/outer')).text()).toBe('ab'.repeat(5))
})

test('A segment with very many slashes is refused at once', async () => {
  await using sandbox = await startSandbox({ password: 'pw' })
  const ask = await asked(sandbox)
  await ask('PUT', '/large')
  const slashes = '/'.repeat(2_000_000)
  const manifest = JSON.stringify([{ path: `${slashes}large/piece${slashes}x` }])
  expect((await soon(() => ask('PUT', '/large/object?multipart-manifest=put', manifest))).status).toBe(400)
})
