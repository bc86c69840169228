import { readdirSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { testPractices } from '../../course/practices.ts'
import { cloudOf, loadRecipe, startSandbox } from '../../run/on-sandbox.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())

const lessons = readdirSync('recipes/course').sort()

test('there are eight to ten lessons, each with notes, a question and a practice task with a hint', async () => {
  expect(lessons.length).toBeGreaterThanOrEqual(8)
  expect(lessons.length).toBeLessThanOrEqual(10)
  for (const lesson of lessons) {
    const { steps, description, practice, tags } = await loadRecipe(`recipes/course/${lesson}`)
    expect(tags).toContain('course')
    expect(description).toBeDefined()
    expect(steps.filter(({ note }) => note !== undefined).length).toBeGreaterThanOrEqual(3)
    expect(steps.some(({ quiz }) => quiz !== undefined)).toBe(true)
    expect(practice?.hint).toBeDefined()
  }
})

testPractices(async () => ({
  cloud: await cloudOf(sandbox.environment),
  authUrl: sandbox.authUrl,
  name: 'learner',
  password: sandbox.environment.OS_PASSWORD ?? '',
  userId: 'de11a130d07d46cd92238b9f6dbaf004',
  project: 'workshop',
  region: 'RegionOne',
  hidden: { region: 'RegionTwo', container: 'only-in-region-two' },
  catalogUrl: sandbox.authUrl,
  tokenLife: 3600,
}))
