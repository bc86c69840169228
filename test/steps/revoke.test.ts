import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { opening, play } from './play.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

test('the current token is revoked, and the proof is the answer', async () => {
  const { result } = await play(sandbox, `${opening}  - revoke:\n  - assert: { status: 401 }\n`)
  expect(result).toMatchObject({ status: 'passed', tokens: { made: 1, revoked: 1, kept: 0 } })
  expect(sandbox.requests.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'HEAD'])
})

test('another token is revoked by name, and the current one proves it', async () => {
  const { result } = await play(
    sandbox,
    '  - authenticate:\n  - authenticate: { as: second }\n  - revoke: ${second}\n  - assert: { status: 404 }\n  - request: GET ${token.identity_url}/auth/projects\n',
  )
  expect(result.problem).toBeUndefined()
  expect(sandbox.liveTokens()).toEqual([])
})

test('a token that is revoked already passes', async () => {
  const { result } = await play(sandbox, '  - authenticate:\n  - revoke:\n  - revoke:\n')
  expect(result).toMatchObject({ status: 'passed', leftovers: [] })
})

test('there must be a token, which is known before anything is sent', async () => {
  await expect(play(sandbox, '  - revoke:\n')).rejects.toMatchObject({ problems: [{ code: 'NAME_UNKNOWN' }] })
})

test('a revoked token is not renewed behind the recipe: the next request meets a 401', async () => {
  const { result } = await play(
    sandbox,
    `${opening}  - revoke:\n  - request: { url: GET /photos, expect: 401 }\n`,
  )
  expect(result.problem).toBeUndefined()
  expect(sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
})
