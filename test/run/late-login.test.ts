import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { connect, createTransport } from '../../src/library/index.ts'
import { OsrunError } from '../../src/model/problem.ts'
import { hastyRecipes, runOnSlowKeystone, startSlowKeystone } from './late-login.ts'

test.each(hastyRecipes)('a token that comes after the time-out %s is revoked', async (_whose, text) => {
  const { keystone, result } = await runOnSlowKeystone(text, createTransport)
  expect(result).toMatchObject({
    exit: 3,
    problem: { code: 'TIMED_OUT', message: 'The step took longer than its time-out of 100 ms.' },
    leftovers: [],
  })
  expect(keystone.made.length).toBeGreaterThan(0)
  expect(keystone.revoked.toSorted()).toEqual(keystone.made)
})

test('a session that is cancelled while it authenticates revokes the token that comes', async () => {
  const keystone = await startSlowKeystone(300)
  const cancelled = new AbortController()
  const session = connect({ cloud: await keystone.cloud(), signal: cancelled.signal })
  const token = session.token()
  token.catch(() => {})
  await expect.poll(() => keystone.made).toHaveLength(1)
  await setTimeout(50)
  cancelled.abort(new OsrunError('INTERRUPTED', 'stop'))
  await expect(token).rejects.toMatchObject({ code: 'INTERRUPTED' })
  await session.close()
  expect(keystone.revoked).toEqual(keystone.made)
})
