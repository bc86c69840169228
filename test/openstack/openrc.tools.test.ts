import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dialects } from './openrc-dialects.ts'
import { brokenFile, foreignFile, openrcFile } from './openrc-grammar.ts'
import { differences, exportedByBash, readByOsrun } from './openrc-oracle.ts'
import { shell, values } from './openrc-values.ts'

test('bash reads the same values', () => {
  const files = values.map(([, text]) => `export A\n${text}\n`)
  const read = exportedByBash(files, shell).map((bash, index) => [values[index]?.[0], bash?.A])
  expect(read).toEqual(values.map(([name, , value]) => [name, value]))
})

test.each(dialects)(
  'bash exports the same after the file of %s, or osrun refuses it',
  (_tool, text, refused) => {
    const osrun = readByOsrun(text)
    expect('line' in osrun ? osrun.line : undefined).toBe(refused)
    expect(differences(text, exportedByBash([text])[0])).toEqual([])
  },
)

// The same files each time; `npm run judges` draws ten times as many, others at each run.
const drawn = process.env.OSRUN_JUDGES === undefined ? { numRuns: 500, seed: 1 } : { numRuns: 5000 }

// How many of a hundred files may be refused at most, and have to be at least.
describe.each([
  ['of what openrc files have', openrcFile, 35, 0],
  ['with something that only a shell can do', foreignFile, 100, 80],
  ['with a mistake', brokenFile, 90, 40],
])('generated files %s', (_name, files, most, least) => {
  const texts = fc.sample(files, drawn)
  const bash = exportedByBash(texts)

  test('are read as by bash, or refused with a line', () => {
    const wrong = texts.map((text, index) => ({ text, names: differences(text, bash[index]) }))
    expect(wrong.filter(({ names }) => names.length > 0)).toEqual([])
  })

  test('are refused as often as they should be', () => {
    const refused = texts.map(readByOsrun).flatMap((osrun) => ('line' in osrun ? [osrun.line] : []))
    expect(refused.every((line) => line >= 1)).toBe(true)
    expect(refused.length).toBeLessThanOrEqual((most * texts.length) / 100)
    expect(refused.length).toBeGreaterThanOrEqual((least * texts.length) / 100)
  })
})
