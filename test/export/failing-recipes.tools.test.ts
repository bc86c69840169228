import { afterAll, beforeAll, test } from 'vitest'
import { connect } from '../../src/index.ts'
import { failingEarly } from '../failing-recipes.ts'
import { cloudOf, startSandbox } from '../run/on-sandbox.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { exported } from './exported.ts'
import { sharedNames } from './own-part.ts'
import { expectSameEarlyFailure, expectSameLateFailure, type InspectedCloud } from './same-failures.ts'
import { coverOf } from './script-cover.ts'

let inspected: InspectedCloud
let close: () => Promise<void>
beforeAll(async () => {
  const sandbox = await startSandbox()
  const cloud = await cloudOf(sandbox.environment)
  const session = connect({ cloud })
  inspected = {
    cloud,
    environment: sandbox.environment,
    isLive: async (token) => sandbox.liveTokens().includes(token),
    ask: async (url) => (await session.request('GET', url)).status,
  }
  close = async () => {
    await session.close()
    await sandbox.close()
  }
})
afterAll(() => close())

test.each(shippedRecipes)(
  '%s fails in its script as in osrun, and leaves nothing',
  { timeout: 120_000 },
  (file) => expectSameLateFailure(file, inspected),
)

// At their begin they fail in few ways: these have every function that such a script is made of.
const functions = new Map<string, readonly string[]>()
for (const file of shippedRecipes) functions.set(file, sharedNames(await exported(failingEarly(file))))

test.each(coverOf(functions))(
  '%s fails at its begin in its script as in osrun, and leaves nothing',
  { timeout: 120_000 },
  (file) => expectSameEarlyFailure(file, inspected),
)
