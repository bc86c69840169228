import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runOsrun } from '../cli/osrun.ts'
import { folderOf } from '../run/included.ts'
import { recipeOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { skippingClock } from '../run/skipping-clock.ts'
import { play } from './play.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

test('a duration is waited for, and may be a template', async () => {
  const clock = skippingClock()
  const { result } = await play(sandbox, '  - pause: 1.5s\n  - pause: ${long}\n', {
    head: 'inputs: { long: 10m }\n',
    ...clock,
  })
  expect(result.status).toBe('passed')
  expect(clock.waits).toEqual([1500, 600_000])
})

test('what is no duration is an error with its place', async () => {
  const { result } = await play(sandbox, '  - pause: ${long}\n', { head: 'inputs: { long: 10 }\n' })
  expect(result.problem).toMatchObject({ code: 'VALUE_INVALID', at: { line: 5, column: 12 } })
  await expect(recipeOf('osrun: 1\nsteps:\n  - pause: 600h\n')).rejects.toMatchObject({
    code: 'RECIPE_INVALID',
  })
})

test('an interrupt ends a pause at once, and so does its own time-out, but not that of defaults', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  const aborted = await play(sandbox, '  - pause: 1h\n', { signal })
  expect(aborted.result).toMatchObject({ status: 'interrupted', exit: 130 })
  const timed = await play(sandbox, '  - pause: 1h\n    timeout: 1ms\n')
  expect(timed.result.problem).toMatchObject({ code: 'TIMED_OUT' })
  const recipe = await recipeOf(
    'osrun: 1\ndefaults: { timeout: 1ms }\nsteps:\n  - pause: 1h\n  - authenticate:\n',
  )
  expect(recipe.steps.map(({ timeout }) => timeout)).toEqual([undefined, 1])
})

describe('a question', () => {
  const ask = '  - pause: { question: "Is ${what} there?" }\n'
  const head = 'inputs: { what: it }\n'

  test('is told, and waits for the answer', async () => {
    const order: string[] = []
    const { result, events, notices } = await play(sandbox, ask, {
      head,
      async ask() {
        order.push('asked')
      },
    })
    expect(result.status).toBe('passed')
    expect([order, notices]).toEqual([['asked'], []])
    expect(events.find(({ type }) => type === 'question')).toMatchObject({ text: 'Is it there?' })
  })

  test('goes on without somebody to ask, and says so', async () => {
    const { result, notices } = await play(sandbox, ask, { head })
    expect(result.status).toBe('passed')
    expect(notices).toEqual([expect.stringContaining('Is it there?')])
  })

  test('is given up when the run is interrupted', async () => {
    const controller = new AbortController()
    const { result } = await play(sandbox, ask, {
      head,
      signal: controller.signal,
      ask: (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          controller.abort()
        }),
    })
    expect(result.status).toBe('interrupted')
  })
})

describe('the command', () => {
  const text = 'osrun: 1\nsteps:\n  - pause: { question: Plug it in. }\n'

  test('asks nobody without a terminal', async () => {
    const file = join(folderOf({ 'main.yaml': text }), 'main.yaml')
    expect(await runOsrun(['--sandbox', file])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Nobody is asked'),
    })
  })
})
