import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OsrunError } from '../../src/model/problem.ts'
import { loadRecipe } from '../../src/recipe/load.ts'
import { problemText } from '../../src/report/text/problem-text.ts'
import { verbs } from '../../src/steps/index.ts'

const folder = 'test/fixtures/broken'
const names = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''))

test('there are many ways to break a recipe, each with its own message', () => {
  expect(names.length).toBeGreaterThanOrEqual(60)
})

test.each(names)('%s', async (name) => {
  const error = await loadRecipe(`${folder}/${name}.yaml`, { verbs }).catch((one: unknown) => one)
  if (!(error instanceof OsrunError))
    throw new Error('it was taken, or something else was thrown', { cause: error })
  const text = error.problems.map((problem) => problemText(problem, { color: false, width: 100 })).join('\n')
  await expect(`${text}\n`).toMatchFileSnapshot(`../golden/broken/${name}.txt`)
  expect(text).toMatch(new RegExp(`^${folder}/${name}\\.yaml:\\d+:\\d+ `))
  expect(readFileSync(`${folder}/${name}.yaml`, 'utf8').split('\n').length).toBeGreaterThanOrEqual(
    error.problems[0]?.at?.line ?? 0,
  )
})
