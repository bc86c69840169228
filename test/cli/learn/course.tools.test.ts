import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFailed, test } from 'vitest'
import type { Recipe } from '../../../src/model/recipe.ts'
import { loadRecipe } from '../../run/on-sandbox.ts'
import { assertNoSecret } from '../../secrets/canary.ts'
import { goThrough } from './go-through.ts'
import { openScreen, type Screen } from './screen.ts'

const minutes = 60_000

/** What somebody who has understood a lesson does: answers, or commands in the shell. */
const deeds: readonly { readonly answer?: string; readonly shell?: readonly string[] }[] = [
  { answer: 'de11a130d07d46cd92238b9f6dbaf004' },
  { answer: 'workshop' },
  { shell: ['echo "keystone is at $OS_AUTH_URL"'] },
  { answer: 'RegionTwo' },
  {
    shell: [
      'curl -s -X PUT "$endpoint/osrun-practice" -H "X-Auth-Token: $token"',
      'curl -s -X PUT "$endpoint/osrun-practice/hello.txt" -H "X-Auth-Token: $token" -H "X-Object-Meta-Colour: green" -d hello',
    ],
  },
  { answer: '3600' },
  { answer: '404' },
  {
    shell: [
      'curl -s -X PUT "$endpoint/osrun-practice-errors" -H "X-Auth-Token: $token"',
      'curl -s -X PUT "$endpoint/osrun-practice-errors/hello.txt" -H "X-Auth-Token: $token" -d hello',
    ],
  },
  {
    shell: [
      `curl -s "$OS_AUTH_URL/users/$user_id/application_credentials" -H "X-Auth-Token: $token" -H "Content-Type: application/json" -d '{"application_credential": {"name": "osrun-practice"}}' > /dev/null`,
    ],
  },
  {
    shell: [
      'curl -s -X PUT "$endpoint/osrun-practice-url" -H "X-Auth-Token: $token" -H "X-Container-Meta-Temp-URL-Key: let-me-in-12345"',
      'curl -s -X PUT "$endpoint/osrun-practice-url/hello.txt" -H "X-Auth-Token: $token" -d hello',
    ],
  },
]

describe('in a terminal', () => {
  test(
    'the whole course is done from its first lesson to its last, and shows no secret',
    async () => {
      const names = readdirSync('recipes/course').sort()
      const lessons = await Promise.all(names.map((name) => loadRecipe(`recipes/course/${name}`)))
      expect(deeds).toHaveLength(lessons.length)
      await using screen = openScreen(['learn'])
      onTestFailed(() => console.log(screen.text().slice(-2000)))
      for (const [index, lesson] of lessons.entries()) {
        const { question, current } = await screen.prompt()
        expect(question).toBe('Which lesson?')
        expect(current).toContain(lesson.name)
        await screen.choose(current)
        await goThrough(screen, lesson)
        await practise(screen, lesson, deeds[index] ?? {})
      }
      expect(await screen.prompt()).toMatchObject({ question: 'Which lesson?', current: 'Leave' })
      await screen.choose('Leave')
      await screen.shows(/^status 0$/m)
      const progress = readFileSync(join(screen.home, 'state/osrun/learn/progress.json'), 'utf8')
      const places: readonly unknown[] = Object.values(JSON.parse(progress) as object)
      expect(places).toEqual(lessons.map(() => ({ steps: 0, isDone: true, isPractised: true })))
      assertNoSecret(screen.text(), 'the course')
    },
    5 * minutes,
  )
})

async function practise(screen: Screen, { practice }: Recipe, deed: (typeof deeds)[number]): Promise<void> {
  expect((await screen.prompt()).question).toBe('The task')
  let { answer } = deed
  if (deed.shell !== undefined) {
    await screen.choose('Give me a shell here')
    for (const line of deed.shell) {
      await screen.shows(/\(osrun\) .*[$#]$/m)
      screen.type(line)
      const [, found] = practice?.question === undefined ? [] : await screen.shows(/^keystone is at (.*)$/m)
      answer = found ?? answer
    }
    await screen.shows(/\(osrun\) .*[$#]$/m)
    screen.type('exit')
  }
  if (practice?.question === undefined) await screen.choose('It is done: check it')
  else {
    await screen.choose('I know it: answer')
    expect((await screen.prompt()).question).toBe(practice.question)
    await screen.answer(answer ?? '')
  }
  await screen.shows(/✓ That is it\./)
}
