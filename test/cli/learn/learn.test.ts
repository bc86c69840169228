import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadRecipe } from '../../run/on-sandbox.ts'
import { runOsrun } from '../osrun.ts'
import { describeLearning } from './learning-cases.ts'
import { openMemoryScreen } from './memory-screen.ts'

const lessons = readdirSync('recipes/course').sort()

describe('for an audience', () => {
  test('the whole course is played without a terminal, with every note, question and answer', async () => {
    const { status, stdout, stderr } = await runOsrun(['learn', '--auto=0s'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const lesson of lessons) {
      const { name, steps } = await loadRecipe(`recipes/course/${lesson}`)
      expect(stdout).toContain(`\n  ${name}\n`)
      for (const { quiz } of steps) if (quiz !== undefined) expect(stdout).toContain(`✓ ${quiz.answer}\n`)
    }
    expect(stdout).not.toContain('✗')
    expect(stdout.match(/^ {2}Practice$/gm)).toHaveLength(lessons.length)
  })

  test.each(lessons)('%s is played by its number and by its name', async (file) => {
    const [, number = '', name = ''] = /^(\d+)-(.*)\.yaml$/.exec(file) ?? []
    const played = await Promise.all(
      [String(Number(number)), name].map((word) => runOsrun(['learn', '--auto=0s', word])),
    )
    const [first] = played
    expect(first?.stdout).toContain((await loadRecipe(`recipes/course/${file}`)).name)
    for (const { status, stdout } of played) {
      expect(status).toBe(0)
      expect(stdout.split('\n')[1]).toBe(first?.stdout.split('\n')[1])
    }
  })

  test('any recipe is played, with what the context gained', async () => {
    const { status, stdout } = await runOsrun(['learn', 'recipes/object-metadata.yaml', '--auto', '0s'])
    expect(status).toBe(0)
    expect(stdout).toContain('  + token, scoped to the project "workshop", expires in 60 min\n')
    expect(stdout).toContain('  + catalog, 2 services\n')
    expect(stdout).toContain('  + size = 190046\n')
    expect(stdout).toContain('▸ X-Subject-Token: ***')
    expect(stdout).toContain('1 token made, 1 revoked')
  })

  test('a step that does not pass ends the lesson with the status of a run', async () => {
    const { status, stdout } = await runOsrun([
      'learn',
      '--auto=0s',
      'recipes/object-metadata.yaml',
      '--input',
      'container=none',
    ])
    expect(status).toBe(4)
    expect(stdout).toContain('STATUS_UNEXPECTED')
    expect(stdout).toContain('1 token made, 1 revoked')
  })
})

describe('wrong usage', () => {
  test.each([
    ['without a terminal and without --auto', ['learn'], 1, 'USAGE_INVALID'],
    ['a pause that is none', ['learn', 'token', '--auto=soon'], 1, 'USAGE_INVALID'],
    ['a pause without its unit', ['learn', '--auto=3x'], 1, 'USAGE_INVALID --auto takes a duration'],
    ['a lesson that is not there', ['learn', '--auto=0s', '11'], 1, 'By number: 1 to 10'],
    ['a misspelt one', ['learn', '--auto=0s', 'tokn'], 1, 'Did you mean token?'],
    ['a card that is not there', ['learn', '--cards', '--auto=0s', 'tokn'], 1, 'There is no card "tokn"'],
    ['a file that is not there', ['learn', '--auto=0s', 'a/tokn.yaml'], 2, 'RECIPE_UNREADABLE'],
  ])('%s', async (_what, args, wanted, code) => {
    const { status, stdout, stderr } = await runOsrun(args)
    expect({ status, stdout }).toEqual({ status: wanted, stdout: '' })
    expect(stderr).toContain(code)
  })
})

describeLearning(openMemoryScreen)
