import { expect, test } from 'vitest'
import { terminalReporter } from '../../src/report/terminal/terminal.ts'
import { slowestSteps } from '../../src/report/text/slowest-steps.ts'
import { madeUpSuite, written } from './made-up-suite.ts'

const slow = /^the slowest steps:\n((?: {2}.+\n)+)/m

test('the slowest steps are five, the slowest first', () => {
  const steps = [3, 9, 1, 7, 5, 8].map((duration) => ({ recipe: 'a', title: `step ${duration}`, duration }))
  expect(slowestSteps(steps).map(({ duration }) => duration)).toEqual([9, 8, 7, 5, 3])
})

test('the terminal tells them, with their recipes, before the line on all recipes', async () => {
  const text = await written(terminalReporter, madeUpSuite({ recipes: 2, steps: 4 }))
  const lines = slow.exec(text)?.[1]?.trimEnd().split('\n') ?? []
  expect(lines).toHaveLength(5)
  const times = lines.map((line) => Number.parseInt(line, 10))
  expect(times).toEqual(times.toSorted((a, b) => b - a))
  expect(lines[0]).toMatch(
    /^ {2}88 ms {2}GET \$\{endpoint\}\/album-1\/photo-\d\.jpg, Photos of album 1 are there$/,
  )
  expect(text.slice(text.search(slow))).toMatch(/2 recipes, 2 passed, 0 failed; 2 tokens made, 2 revoked/)
})

test('of one recipe the terminal tells them when more is asked for', async () => {
  const suite = { recipes: 1, steps: 2 }
  expect(await written(terminalReporter, madeUpSuite(suite))).not.toMatch(slow)
  expect(await written(terminalReporter, madeUpSuite(suite), 'headers')).toMatch(slow)
})

test('quiet, the terminal does not tell them', async () => {
  const suite = { recipes: 3, steps: 2 }
  expect(await written(terminalReporter, madeUpSuite(suite), 'quiet')).not.toMatch(slow)
})
