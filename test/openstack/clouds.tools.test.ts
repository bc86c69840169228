import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { counted, meantDifferences, unmeant } from './clouds-differences.ts'
import { folder } from './clouds-grammar.ts'
import { judge } from './clouds-oracle.ts'

// The same folders each time; `npm run judges` draws ten times as many, others at each run.
const isLong = process.env.OSRUN_JUDGES !== undefined
const drawn = isLong ? { numRuns: 4000 } : { numRuns: 400, seed: 1 }

test('openstackclient and osrun agree on every value of generated folders, but for what is meant', async () => {
  const all = await judge(fc.sample(folder, drawn))
  expect(all.flatMap(unmeant)).toEqual([])
  const taken = all.filter(({ client, osrun }) => client.error === undefined && osrun.error === undefined)
  expect(taken.length).toBeGreaterThan(all.length / 4)
  const counts = counted(all)
  console.log(`${all.length} folders, ${taken.length} taken by both`, counts)
  if (isLong) expect(meantDifferences.filter((name) => counts[name] === 0)).toEqual([])
}, 900_000)

test('the differences that are meant are those of the document', () => {
  const [, table = ''] =
    /\n\| openstackclient reads the same files.*\n\|---.*\n((?:\|.*\n)+)/.exec(
      readFileSync('docs/cli.md', 'utf8'),
    ) ?? []
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.split('|')[1]?.trim())
  expect(rows).toEqual(meantDifferences)
})
