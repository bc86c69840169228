import { describe, expect, test } from 'vitest'
import type { Cloud } from '../../src/model/cloud.ts'
import type { Json } from '../../src/model/recipe.ts'
import { loadRecipe, runToEnd } from '../run/on-sandbox.ts'
import { ask, login, type Participant } from './participant.ts'

/** A cloud on which the tasks of the course are done, and what the right answers are there. */
export type Classroom = Participant & {
  readonly cloud: Cloud
  readonly userId: string
  /** Where the task about regions has hidden `where.txt`. */
  readonly hidden: { readonly region: string; readonly container: string }
  /** The public URL of Keystone in its catalog. */
  readonly catalogUrl: string
  /** Seconds. */
  readonly tokenLife: number
}

type Answer = string | number

/** A task that is answered: the lesson, the right answer, and wrong ones. */
const questions: readonly (readonly [
  lesson: string,
  right: (room: Classroom) => Answer | Promise<Answer>,
  wrong: (room: Classroom) => readonly Answer[] | Promise<readonly Answer[]>,
])[] = [
  ['01-token.yaml', ({ userId }) => userId, ({ name }) => [name]],
  // The first project of the list is the one that the lesson has taken.
  [
    '02-scopes.yaml',
    async (room) => (await projectsOf(room))[1] ?? '',
    async (room) => [(await projectsOf(room))[0] ?? '', 'forge'],
  ],
  ['03-catalog.yaml', ({ catalogUrl }) => catalogUrl, ({ catalogUrl }) => [new URL(catalogUrl).origin]],
  ['04-regions.yaml', ({ hidden }) => hidden.region, ({ region }) => [region, 'Nowhere']],
  ['06-expiry.yaml', ({ tokenLife }) => tokenLife, ({ tokenLife }) => [tokenLife - 1]],
  ['07-revocation.yaml', () => 404, () => [401]],
]

/** Tests each task of the course: it takes what is right there, and that alone, and leaves nothing. */
export function testPractices(open: () => Promise<Classroom>): void {
  let opened: Promise<Classroom> | undefined
  const room = (): Promise<Classroom> => {
    opened ??= open()
    return opened
  }
  const practised = async (lesson: string, inputs: Readonly<Record<string, Json>> = {}) => {
    const { practice } = await loadRecipe(`recipes/course/${lesson}`)
    if (practice === undefined) throw new Error(`${lesson} has no practice`)
    const { cloud, hidden } = await room()
    const given = lesson === '04-regions.yaml' ? { container: hidden.container, ...inputs } : inputs
    return (await runToEnd(practice.check, { cloud, inputs: given })).result
  }

  describe('a task that asks for a value takes the right one alone', () => {
    test.each(questions)('%s', async (lesson, right, wrong) => {
      const answer = await right(await room())
      expect(await practised(lesson, { answer })).toMatchObject({ status: 'passed', leftovers: [] })
      for (const other of await wrong(await room()))
        expect((await practised(lesson, { answer: other })).exit).toBeGreaterThanOrEqual(4)
    })
  })

  describe('a task to be done is done when the cloud says so, and what was made is deleted then', () => {
    test('05-metadata.yaml', async () => {
      const { auth, endpoint } = await login(await room())
      expect((await practised('05-metadata.yaml')).exit).toBe(4)
      await ask('PUT', `${endpoint}/osrun-practice`, auth)
      const object = `${endpoint}/osrun-practice/hello.txt`
      await ask('PUT', object, { ...auth, 'X-Object-Meta-Colour': 'blue' }, 'hello')
      expect((await practised('05-metadata.yaml')).exit).toBe(4)
      await ask('POST', object, { ...auth, 'X-Object-Meta-Colour': 'green' })
      expect(await practised('05-metadata.yaml')).toMatchObject({ status: 'passed', leftovers: [] })
      expect((await ask('HEAD', `${endpoint}/osrun-practice`, auth)).status).toBe(404)
    })

    test('08-errors.yaml', async () => {
      const { auth, endpoint } = await login(await room())
      const upload = () => ask('PUT', `${endpoint}/osrun-practice-errors/hello.txt`, auth, 'hello')
      expect((await upload()).status).toBe(404)
      expect((await practised('08-errors.yaml')).exit).toBe(4)
      await ask('PUT', `${endpoint}/osrun-practice-errors`, auth)
      expect((await upload()).status).toBe(201)
      expect(await practised('08-errors.yaml')).toMatchObject({ status: 'passed', leftovers: [] })
      expect((await ask('HEAD', `${endpoint}/osrun-practice-errors`, auth)).status).toBe(404)
    })

    test('09-application-credentials.yaml', async () => {
      const { authUrl, userId } = await room()
      const { auth } = await login(await room())
      const url = `${authUrl}/users/${userId}/application_credentials`
      expect((await practised('09-application-credentials.yaml')).exit).toBe(4)
      const body = JSON.stringify({ application_credential: { name: 'osrun-practice' } })
      const made = await ask('POST', url, { ...auth, 'Content-Type': 'application/json' }, body)
      expect(made.status).toBe(201)
      const done = await practised('09-application-credentials.yaml')
      expect(done).toMatchObject({ status: 'passed', leftovers: [] })
      expect((await practised('09-application-credentials.yaml')).exit).toBe(4)
    })

    test('10-temp-url.yaml', async () => {
      const { auth, endpoint } = await login(await room())
      const key = (text: string) => ({ ...auth, 'X-Container-Meta-Temp-URL-Key': text })
      await ask('PUT', `${endpoint}/osrun-practice-url`, key('another-key-12345'))
      await ask('PUT', `${endpoint}/osrun-practice-url/hello.txt`, auth, 'hello')
      expect((await practised('10-temp-url.yaml')).exit).toBe(4)
      await ask('POST', `${endpoint}/osrun-practice-url`, key('let-me-in-12345'))
      expect(await practised('10-temp-url.yaml')).toMatchObject({ status: 'passed', leftovers: [] })
      expect((await ask('HEAD', `${endpoint}/osrun-practice-url`, auth)).status).toBe(404)
    })
  })
}

async function projectsOf(room: Classroom): Promise<readonly string[]> {
  const { auth } = await login(room)
  const { text } = await ask('GET', `${room.authUrl}/auth/projects`, auth)
  return (JSON.parse(text) as { readonly projects: readonly { readonly name: string }[] }).projects.map(
    ({ name }) => name,
  )
}
