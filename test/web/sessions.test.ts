import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSessions } from '../../src/web/session/sessions.ts'
import { cloudOf, recipeOf } from '../run/on-sandbox.ts'

const recipe = await recipeOf('osrun: 1\nname: Waits\nsteps:\n  - authenticate:\n')
const cloud = await cloudOf({
  OS_AUTH_URL: 'http://127.0.0.1:9/v3',
  OS_USERNAME: 'u',
  OS_PASSWORD: 'p',
  OS_USER_DOMAIN_ID: 'default',
})

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

function sessionsOf() {
  let ended = 0
  const sessions = createSessions({
    recipes: [recipe],
    clouds: () => ({
      openFor: async () => ({ cloud, environment: {} }),
      [Symbol.asyncDispose]: async () => void ended++,
    }),
    plan: async () => ({ recipe: recipe.file, name: recipe.name, requests: [], steps: [] }) as never,
    run: {},
  })
  /** A page that listens until it is told to go; `says` whether it says so, as one that is closed does. */
  const come = async (id: string) => {
    const session = sessions.open(id)
    if (session === undefined) return undefined
    let hangUp = (): void => {}
    const closed = new Promise<void>((resolve) => {
      hangUp = resolve
    })
    const heard = session.listen({ send: () => {}, end: () => {}, closed })
    return async (says: boolean) => {
      if (says) sessions.leave(id, true)
      hangUp()
      await heard
      if (!session.isHeard) sessions.leave(id, false)
    }
  }
  return { sessions, come, ended: () => ended }
}

const [seconds, minutes] = [1000, 60_000]

test('a page that was closed ends its session in some seconds, also when its connection ends after it has said so', async () => {
  const { come, ended } = sessionsOf()
  await (await come('a'))?.(true)
  await vi.advanceTimersByTimeAsync(4 * seconds)
  expect(ended()).toBe(0)
  await vi.advanceTimersByTimeAsync(2 * seconds)
  expect(ended()).toBe(1)
})

test('one whose connection broke has half an hour, and one that comes again stays', async () => {
  const { come, ended } = sessionsOf()
  await (await come('a'))?.(false)
  await vi.advanceTimersByTimeAsync(29 * minutes)
  const leave = await come('a')
  await vi.advanceTimersByTimeAsync(29 * minutes)
  expect(ended()).toBe(0)
  await leave?.(false)
  await vi.advanceTimersByTimeAsync(31 * minutes)
  expect(ended()).toBe(1)
})

test('a tab that was duplicated keeps the session, and the last one that goes ends it', async () => {
  const { come, ended } = sessionsOf()
  const [first, second] = [await come('a'), await come('a')]
  await first?.(true)
  await vi.advanceTimersByTimeAsync(minutes)
  expect(ended()).toBe(0)
  await second?.(false)
  await vi.advanceTimersByTimeAsync(31 * minutes)
  expect(ended()).toBe(1)
})

test('where there are too many, that ends which is away the longest; nobody who is there is sent away', async () => {
  const { sessions, come } = sessionsOf()
  const pages = []
  for (let page = 0; page < 64; page++) pages.push(await come(`page-${page}`))
  expect(await come('one-more')).toBeUndefined()
  await pages[5]?.(false)
  await pages[3]?.(false)
  expect(await come('one-more')).toBeDefined()
  expect([sessions.find('page-5'), sessions.find('page-3') === undefined]).toEqual([undefined, false])
  expect(await come('another')).toBeDefined()
  expect(await come('a-third')).toBeUndefined()
})
