import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLockQueue } from '../../src/run/suite/lock-queue.ts'
import { runSuite } from '../../src/run/suite/run-suite.ts'
import type { SuiteOptions } from '../../src/run/suite/suite-options.ts'
import { startStranger } from '../steps/play.ts'
import { recipeOf } from './on-sandbox.ts'

let stranger: Awaited<ReturnType<typeof startStranger>>
beforeEach(async () => {
  stranger = await startStranger()
})
afterEach(() => stranger.close())

/** Runs a recipe for each list of locks, and tells which were under way at the same time. */
async function overlaps(locks: readonly (readonly string[])[], options: SuiteOptions): Promise<Set<string>> {
  const recipes = await Promise.all(
    locks.map((names, index) =>
      recipeOf(
        `osrun: 1\nname: "${index}"\nlocks: ${JSON.stringify(names)}\nsteps:\n${`  - request: GET ${stranger.url}/${index}\n`.repeat(5)}`,
      ),
    ),
  )
  const suite = runSuite(
    recipes.map((recipe) => ({ recipe, inputs: {} })),
    options,
  )
  const running = new Map<string, string>()
  const together = new Set<string>()
  for await (const event of suite) {
    if (event.type === 'run:start') {
      for (const other of running.values()) together.add([event.recipe, other].sort().join(' '))
      running.set(event.run, event.recipe)
    }
    if (event.type === 'run:end') running.delete(event.run)
  }
  expect((await suite.result).exit).toBe(0)
  return together
}

test('recipes that share a lock never run at the same time; others do', async () => {
  const together = await overlaps([['a'], ['a'], ['b'], ['a', 'b'], []], { jobs: 5 })
  for (const pair of ['0 1', '0 3', '1 3', '2 3']) expect(together).not.toContain(pair)
  for (const pair of ['0 2', '0 4', '2 4']) expect(together).toContain(pair)
})

test('without --jobs everything is as before', async () => {
  expect(await overlaps([['a'], [], ['a']], {})).toEqual(new Set())
})

test('who waits takes no job from those who can run', async () => {
  const queue = createLockQueue([['a'], ['a'], ['a'], [], ['b']])
  expect([await queue.next(), await queue.next(), await queue.next()]).toEqual([0, 3, 4])
})

test('nobody overtakes on a lock that an earlier one waits for', async () => {
  const queue = createLockQueue([['a'], ['a', 'b'], ['b'], ['b'], ['c']])
  expect([await queue.next(), await queue.next()]).toEqual([0, 4])
  const waiting = queue.next()
  queue.release(4)
  queue.release(0)
  expect(await waiting).toBe(1)
  const after = queue.next()
  queue.release(1)
  expect(await after).toBe(2)
  queue.release(2)
  expect([await queue.next(), await queue.next()]).toEqual([3, undefined])
})

test('whatever the locks and the jobs: all run, none twice, none beside one that shares a lock', async () => {
  const suite = fc.tuple(
    fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }), { maxLength: 30 }),
    fc.integer({ min: 1, max: 6 }),
    fc.infiniteStream(fc.nat(5)),
  )
  await fc.assert(
    fc.asyncProperty(suite, async ([locks, jobs, lengths]) => {
      const queue = createLockQueue(locks)
      const held = new Set<string>()
      const done: number[] = []
      const worker = async (): Promise<void> => {
        for (let index = await queue.next(); index !== undefined; index = await queue.next()) {
          const own = locks[index] ?? []
          for (const lock of own) expect(held).not.toContain(lock)
          for (const lock of own) held.add(lock)
          for (let turn = lengths.next().value ?? 0; turn > 0; turn--) await Promise.resolve()
          for (const lock of own) held.delete(lock)
          done.push(index)
          queue.release(index)
        }
      }
      await Promise.all(Array.from({ length: jobs }, worker))
      expect(done.sort((a, b) => a - b)).toEqual([...locks.keys()])
    }),
  )
})

test('an interrupt ends those that wait as well', async () => {
  const recipe = await recipeOf(
    `osrun: 1\nname: n\nlocks: [a]\nsteps:\n  - request: GET ${stranger.url}/never\n`,
  )
  const stop = new AbortController()
  const suite = runSuite(
    [1, 2, 3].map(() => ({ recipe, inputs: {} })),
    { jobs: 3, signal: stop.signal },
  )
  for await (const event of suite) if (event.type === 'step:start') stop.abort()
  expect(await suite.result).toMatchObject({ exit: 130, notBegun: [{}, {}] })
})

test('a failure that is to end the suite ends those that wait', async () => {
  const recipe = await recipeOf(
    'osrun: 1\nname: n\nlocks: [a]\nsteps:\n  - request: GET http://127.0.0.1:9/\n',
  )
  const suite = runSuite(
    [1, 2, 3].map(() => ({ recipe, inputs: {} })),
    { jobs: 3, failFast: true },
  )
  expect(await suite.result).toMatchObject({ exit: 3, notBegun: [{}, {}] })
})
