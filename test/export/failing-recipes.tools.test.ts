import { afterAll, beforeAll, test } from 'vitest'
import { connect } from '../../src/library/index.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { failingEarly, failingLate } from '../failing-recipes.ts'
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

// What a failing script is made of: its functions, and the words of jq in its steps. Some recipes have all of it between
// them; the lane of the cloud, and OSRUN_SHELLS=all, make each of them fail.
async function coverOfFailing(fail: (file: string) => Recipe): Promise<readonly string[]> {
  if (process.env.OSRUN_SHELLS === 'all') return shippedRecipes
  const parts = new Map<string, readonly string[]>()
  for (const file of shippedRecipes) {
    const script = await exported(fail(file))
    const steps = script.slice(script.indexOf('# --- The steps ---'))
    parts.set(file, [...sharedNames(script), ...(steps.match(/\b[a-z_]+\(/g) ?? [])])
  }
  return coverOf(parts)
}

test.each(await coverOfFailing(failingLate))(
  '%s fails in its script as in osrun, and leaves nothing',
  { timeout: 120_000 },
  (file) => expectSameLateFailure(file, inspected),
)

test.each(await coverOfFailing(failingEarly))(
  '%s fails at its begin in its script as in osrun, and leaves nothing',
  { timeout: 120_000 },
  (file) => expectSameEarlyFailure(file, inspected),
)
