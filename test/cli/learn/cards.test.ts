import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { SafeEvent } from '../../../src/model/event.ts'
import { faults, readFault } from '../../../src/sandbox/faults/index.ts'
import type { FaultSetting } from '../../../src/sandbox/faults/setting.ts'
import { cloudOf, loadRecipe, runToEnd, startSandbox } from '../../run/on-sandbox.ts'
import { runOsrun } from '../osrun.ts'

const cards = readdirSync('recipes/cards').sort()
const folder = mkdtempSync(join(tmpdir(), 'osrun-cards-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('every fault has a card', async () => {
  const practised = await Promise.all(
    cards.map(async (file) => (await loadRecipe(`recipes/cards/${file}`)).tags[1]),
  )
  expect(practised.toSorted()).toEqual(faults.map(({ name }) => name).sort())
})

// What fails there is a script; one sees it in the answers.
const seenOnly = '17-the-token-is-gone.yaml'

test.concurrent('all cards are played, each with its fault alone, and a cloud cannot be broken', async () => {
  const { status, stdout, stderr } = await runOsrun(['learn', '--cards', '--auto=0s'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  for (const file of cards)
    expect(stdout).toContain(`\n  ${(await loadRecipe(`recipes/cards/${file}`)).name}\n`)
  const failures = stdout.match(/^ {2}recipes\/cards\/\d+-[a-z-]+\.yaml:\d+:\d+ [A-Z_]+ /gm)
  expect(failures).toHaveLength(cards.length - [seenOnly].length)
  for (const flags of [
    ['--fault', 'slow'],
    ['--cloud', 'mine'],
  ]) {
    const refused = await runOsrun(['learn', '--cards', '--auto=0s', ...flags])
    expect([refused.status, refused.stderr.includes('USAGE_INVALID')]).toEqual([1, true])
  }
}, 120_000)

// Some of them wait for a time-out.
describe.concurrent.each(cards)('the card %s', async (file) => {
  const { tags, steps } = await loadRecipe(`recipes/cards/${file}`)
  const tls = tags.includes('tls')
  const fault = readFault(tags[1] ?? '', { hasTls: tls })
  const play = async (faults: readonly FaultSetting[]) => {
    await using sandbox = await startSandbox({ faults, tls })
    const authority = join(folder, 'ca.pem')
    writeFileSync(authority, sandbox.authority ?? '')
    const recipe = await loadRecipe(`recipes/cards/${file}`)
    const { events, result } = await runToEnd(recipe, {
      cloud: await cloudOf({ ...sandbox.environment, ...(tls && { OS_CACERT: authority }) }),
    })
    expect(result).toMatchObject({ status: 'passed', exit: 0, leftovers: [] })
    expect(sandbox.liveTokens()).toEqual([])
    return events
  }

  test('shows its symptom while its fault is on, and nothing else goes wrong', async () => {
    if ('problem' in fault) throw new Error(fault.problem)
    const events = await play([fault])
    expect(failed(events)).toEqual(file === seenOnly ? [] : ['symptom'])
    expect(headerNames(events).includes('X-Subject-Token')).toBe(file !== seenOnly)
  })

  test('goes through without a failure where nothing is broken', async () => {
    expect(failed(await play([]))).toEqual([])
  })

  test('asks what is broken after the symptom', async () => {
    expect(steps.some(({ id }) => id === 'symptom')).toBe(file !== seenOnly)
    const symptom = steps.findIndex(({ id }) => id === 'symptom')
    expect(steps.findIndex(({ quiz }) => quiz !== undefined)).toBeGreaterThan(symptom)
  })
})

function headerNames(events: readonly SafeEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'exchange' ? (event.exchange.responseHeaders ?? []).map(([name]) => name) : [],
  )
}

function failed(events: readonly SafeEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'step:end' && 'problem' in event.result ? [event.step] : [],
  )
}
