import { describe, expect, test } from 'vitest'
import { maskedPlan } from '../../src/cli/recipes/masked-plan.ts'
import type { HttpResponse, Transport } from '../../src/model/exchange.ts'
import { mapOthers, phrase } from '../../src/model/phrase.ts'
import { cloudOf, recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { skippingClock } from '../run/skipping-clock.ts'

const settings = {
  OS_AUTH_URL: 'https://keystone.example/v3',
  OS_USERNAME: 'someone',
  OS_PROJECT_NAME: 'work',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_DOMAIN_NAME: 'Default',
}
const login = recipeOf('osrun: 1\nname: Login\nsteps:\n  - authenticate:\n')
const words = [
  'password',
  'user',
  'unknown',
  'wrong',

  'domain',
  'Default',
  'someone',
  'Keystone',
  'refused',
]

async function refused(password: string, said: string): Promise<unknown> {
  const body = Buffer.from(JSON.stringify({ error: { code: 401, message: said } }))
  const headers = [['Content-Type', 'application/json']] as const
  const facts = {
    size: body.length,
    md5: 'd41d8cd98f00b204e9800998ecf8427e',
    sha256: 'e3b0c442',
    duration: 1,
  }
  const response: HttpResponse = { status: 401, reason: '', headers, body, ...facts }
  const transport: Transport = { send: async () => response, close: async () => {} }
  const cloud = await cloudOf({ ...settings, OS_PASSWORD: password })
  const options = { cloud, transport, ...skippingClock(0), random: () => 0.5, runId: 'one' }
  const { events, result } = await runToEnd(await login, options)
  return { events: events.map((event) => ({ ...event, exchange: undefined })), result }
}

describe.each(words)('where the password is "%s"', (word) => {
  test('a login that is refused is told in the same words', async () => {
    expect(await refused(word, 'No.')).toEqual(await refused('Kq7-plain-Zw3', 'No.'))
  })

  test("it is hidden in Keystone's words alone", async () => {
    const told = JSON.stringify(await refused(word, `It is <${word}>.`))
    expect(told).toContain('Keystone refused with 401: It is <***>.')
    expect(told).toContain('a wrong password, an unknown or disabled user')
  })

  test('a plan is told in the same words', async () => {
    const plan = async (password: string) =>
      maskedPlan(await login, {
        inputs: {},
        cloud: await cloudOf({ ...settings, OS_PASSWORD: password }),
        environment: {},
      })
    expect(await plan(word)).toEqual(await plan('Kq7-plain-Zw3'))
  })
})

test('a secret in the text of a recipe is in no plan of it', async () => {
  const recipe = await recipeOf(
    'osrun: 1\nname: Kq7-plain\nsteps:\n  - authenticate:\n  - request: { url: GET https://a.example/Kq7-plain, json: { Kq7-plain: 1 } }\n    note: Kq7-plain\n',
  )
  const cloud = await cloudOf({ ...settings, OS_PASSWORD: 'Kq7-plain' })
  expect(JSON.stringify(await maskedPlan(recipe, { inputs: {}, cloud, environment: {} }))).not.toContain(
    'Kq7-plain',
  )
})

test('in a phrase what others say is changed, and nothing else', () => {
  const within = phrase`by ${'them'} in ${3} s`
  const whole = phrase`Said ${'she'}: ${within}.`
  expect(whole.text).toBe('Said she: by them in 3 s.')
  expect(mapOthers(whole, (text) => text.toUpperCase())).toBe('Said SHE: by THEM in 3 s.')
})

test.each([
  ['request: GET https://a.example/\n    timeout: 1ms', 'longer'],
  ['for-each: "${run.id}"\n    pause: 1ms', 'Capture'],
  ['request: GET https://a.example/', 'interrupted'],
  ['request: GET https://a.example/', 'deadline'],
])('where a run ends at "%s", what is told does not tell that the password is "%s"', async (step, word) => {
  const recipe = await recipeOf(`osrun: 1\nname: A\nsteps:\n  - ${step}\n`)
  const told = async (password: string): Promise<unknown> => {
    const signal = word === 'interrupted' ? { signal: AbortSignal.abort() } : {}
    const deadline = word === 'deadline' ? { deadline: 0 } : {}
    const send: Transport['send'] = (_request, options) =>
      new Promise((_resolve, reject) => {
        options.signal.addEventListener('abort', () => reject(options.signal.reason))
      })
    const transport: Transport = { send, close: async () => {} }
    const cloud = await cloudOf({ ...settings, OS_PASSWORD: password })
    const options = { cloud, transport, ...skippingClock(0), ...signal, ...deadline, runId: 'one' }
    return (await runToEnd(recipe, options)).result
  }
  const usual = await told('Kq7-plain-Zw3')
  expect(JSON.stringify(usual)).toContain(word)
  expect(await told(word)).toEqual(usual)
})
