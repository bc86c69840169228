import { expect, test } from 'vitest'
import { createCurlTransport } from '../../src/library/curl.ts'
import { hastyRecipes, runOnSlowKeystone } from './late-login.ts'

test.each(hastyRecipes)(
  'via curl a token that comes after the time-out %s is revoked',
  async (_whose, text) => {
    const { keystone, result } = await runOnSlowKeystone(text, createCurlTransport)
    expect(result).toMatchObject({ exit: 3, problem: { code: 'TIMED_OUT' }, leftovers: [] })
    expect(keystone.made.length).toBeGreaterThan(0)
    expect(keystone.revoked.toSorted()).toEqual(keystone.made)
  },
)
