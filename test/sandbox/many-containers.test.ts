import { expect, test } from 'vitest'
import { startSandbox } from '../run/on-sandbox.ts'
import { login } from './ask.ts'

const account = '/v1/AUTH_fee040b1c4d24aeb985c3cdea1c3f363'

test('10,000 containers are counted, and listed page by page without one missing or twice', async () => {
  await using sandbox = await startSandbox({ password: 'pw' })
  const headers = { 'X-Auth-Token': await login(sandbox, 'learner', 'pw') }
  const ask = async (method: string, path: string) =>
    fetch(`${sandbox.url}${account}${path}`, { method, headers })
  const names = Array.from({ length: 10_000 }, (_, index) => `many-${String(index).padStart(4, '0')}`)
  const left = [...names]
  const work = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop())
      expect((await ask('PUT', `/${name}`)).status).toBe(201)
  }
  await Promise.all(Array.from({ length: 16 }, work))
  expect((await ask('HEAD', '')).headers.get('x-account-container-count')).toBe('10005')
  const listed: string[] = []
  for (let page = ['']; page.length > 0; ) {
    const marker = encodeURIComponent(listed.at(-1) ?? '')
    page = (await (await ask('GET', `?prefix=many-&limit=999&marker=${marker}`)).text())
      .split('\n')
      .filter(Boolean)
    listed.push(...page)
  }
  expect(listed).toEqual(names)
}, 120_000)
