import { expect, test } from 'vitest'
import type { Cloud } from '../../src/model/cloud.ts'
import { loadRecipe, runToEnd } from './on-sandbox.ts'
import { type SmallKeystone, startSmallKeystone } from './small-keystone.ts'

/** What the recipe finds wrong on a Keystone. */
async function faults(keystone: { cloud(): Promise<Cloud> }): Promise<readonly string[]> {
  const recipe = await loadRecipe('recipes/smoke/identity-clocks.yaml')
  const { events, result } = await runToEnd(recipe, { cloud: await keystone.cloud() })
  const found = events.flatMap((event) =>
    event.type === 'step:end' && event.result.status === 'failed' ? event.result.mismatches : [],
  )
  expect(result.exit).toBe(found.length === 0 ? 0 : 4)
  return found.map(({ subject }) => subject)
}

test.each<readonly [string, SmallKeystone, string | undefined]>([
  ['clocks that agree', {}, undefined],
  ['a Keystone some seconds ahead', { ahead: 20_000 }, undefined],
  ['a Keystone a minute ahead', { ahead: 60_000 }, 'token.clock_skew'],
  ['a Keystone a minute behind', { ahead: -60_000 }, 'token.clock_skew'],
  ['a token that lives a minute', { life: 60 }, 'token.life'],
])('%s', async (_what, behaviour, subject) => {
  expect(await faults(await startSmallKeystone(behaviour))).toEqual(subject === undefined ? [] : [subject])
})

test('a proxy whose Date is not the time of the Keystone behind it', async () => {
  const keystone = await startSmallKeystone({
    login: (_request, response) => {
      const headers = {
        ...keystone.headersOf(keystone.nextToken()),
        Date: new Date(Date.now() - 20_000).toUTCString(),
      }
      response.writeHead(201, headers).end(keystone.tokenBody())
    },
  })
  expect(await faults(keystone)).toEqual(['token.issue_skew'])
})
