import { afterEach, beforeEach, expect, test } from 'vitest'
import { headerOf } from '../../src/model/exchange.ts'
import { okay, startRawServer } from '../http/raw-server.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { runScript, shells } from './shell.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const recipe = recipeOf(
  [
    'osrun: 1',
    'name: Language',
    'inputs: { who: "it\'s me" }',
    'defaults: { region: RegionOne, headers: { X-Who: "${who}" } }',
    'steps:',
    '  - authenticate:',
    '  - pick-endpoint: object-store',
    '  - pause: { question: "Is ${who} there?" }',
    '  - pause: 1ms',
    '  - request: HEAD /photos',
    '',
  ].join('\n'),
)

test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'defaults and pauses are in the script, under %s',
  async (_name, shell) => {
    const environment = { ...sandbox.environment, OS_REGION_NAME: 'Nowhere' }
    const { status, stdout, stderr } = await runScript(
      await exported(await recipe, undefined),
      shell,
      environment,
    )
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain("Nobody is asked: Is it's me there?")
    expect(
      headerOf(sandbox.requests.find(({ path }) => path.endsWith('/photos'))?.headers ?? [], 'X-Who'),
    ).toBe("it's me")
  },
)

test('headers of an answer that are folded, twice there or in capitals are what a run makes of them', async () => {
  const { base } = await startRawServer(() =>
    okay('{}', 'X-WORDS: one \r\n two\r\n\tthree', 'x-twice: a', 'X-Twice: b', 'X-Empty:'),
  )
  const text = `osrun: 1\nname: n\nsteps:\n  - request: GET ${base}/\n  - assert:\n      headers: { x-words: one two three, x-twice: "a, b", x-empty: "" }\n`
  const { status, stderr } = await runScript(await exported(await recipeOf(text)), ['dash'], {})
  expect([status, stderr]).toEqual([0, ''])
})

test('the end of a token that Keystone tells without a zone is UTC, as for a run', async () => {
  const end = await recipeOf(
    [
      'osrun: 1',
      'name: End',
      'steps:',
      '  - authenticate:',
      '  - request:',
      '      url: POST ${token.identity_url}/users/${token.user.id}/application_credentials',
      '      json: { application_credential: { name: "end-${run.id}", expires_at: "${token.expires_at}" } }',
      '    capture: { credential: $.application_credential.id, secret: $.application_credential.secret }',
      '  - authenticate: { as: machine, application-credential: { id: "${credential}", secret: "${secret}" } }',
      '  - assert:',
      '      json: { $.token.expires_at: { pattern: ":[0-9][0-9]$" } }',
      '      context:',
      '        machine.expires_at: { pattern: "Z$" }',
      '        machine.life: { minimum: 3500, maximum: 3600 }',
      '',
    ].join('\n'),
  )
  const cloud = await cloudOf(sandbox.environment)
  const { result } = await runToEnd(end, { cloud })
  expect(result.problem).toBeUndefined()
  const { status, stderr } = await runScript(await exported(end), ['dash'], sandbox.environment)
  expect([status, stderr]).toEqual([0, ''])
})
