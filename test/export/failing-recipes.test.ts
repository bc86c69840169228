import { afterAll, beforeAll, test } from 'vitest'
import { connect } from '../../src/index.ts'
import { needs } from '../needs.ts'
import { cloudOf, startSandbox } from '../run/on-sandbox.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { expectSameFailures, type InspectedCloud } from './same-failures.ts'

needs('curl', 'jq', 'dash')

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
  (file) => expectSameFailures(file, inspected),
)
