import { expect, test } from 'vitest'
import { permissionKinds } from '../../src/model/permission.ts'
import { permissionsOf } from '../../src/recipe/read/permissions.ts'
import { verbs } from '../../src/steps/index.ts'
import { recipeOf } from '../run/on-sandbox.ts'

async function asked(...steps: readonly string[]): Promise<readonly string[]> {
  const text = `osrun: 1\nname: n\ninputs: { photo: { type: string, format: path, default: a } }\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`
  const recipe = await recipeOf(text, '/recipes/of/somebody')
  return permissionsOf(recipe, verbs, ['https://own.example']).map(
    ({ kind, what, at }) => `${kind} ${what} ${at.line}`,
  )
}

test.each([
  ['request: GET http://h/a', ['origins http://h 5']],
  ['request: GET https://own.example/a', []],
  ['request: GET HTTPS://Own.Example:443/a', []],
  ['request: "GET http://${photo}/a"', ['origins http://${photo} 5']],
  ['request: DELETE https://own.example/a', ['changes DELETE 5']],
  ['request: { url: https://own.example/a, save-to: out/a }', ['writes out/a 5']],
  ['request: { url: https://own.example/a, save-to: "out/${photo}" }', ['writes out/${photo} 5']],
  ['request: { url: https://own.example/a, save-to: ../a }', ['writesElsewhere ../a 5']],
  ['request: { url: https://own.example/a, save-to: "../${photo}" }', ['writesElsewhere ../${photo} 5']],
  [
    'request: { url: PUT https://own.example/a, file: /etc/passwd }',
    ['changes PUT 5', 'readsElsewhere /etc/passwd 5'],
  ],
  ['request: { url: PUT https://own.example/a, file: "${photo}" }', ['changes PUT 5', 'reads ${photo} 5']],
  [
    'request: { url: POST https://own.example/a, multipart: { p: [{ file: b }, { file: /c }] } }',
    ['changes POST 5', 'reads b 5', 'readsElsewhere /c 5'],
  ],
  [
    'request: { url: GET http://h/a, query: { p: "${env.PLACE}" } }',
    ['origins http://h 5', 'environment $PLACE 5'],
  ],
  [
    'request: { url: GET http://h/a, query: { p: "${env.MY_TOKEN}" } }',
    ['origins http://h 5', 'credentials http://h 5', 'environment $MY_TOKEN 5'],
  ],
  ['request: { url: GET http://h/a, token: true }', ['origins http://h 5', 'credentials http://h 5']],
  ['authenticate: { auth-url: http://h/v3 }', ['origins http://h 5', 'credentials http://h 5']],
  ['authenticate: { auth-url: http://h/v3, password: "${photo}" }', ['origins http://h 5']],
  ['run: "true"', ['scripts run true 5']],
  [
    '{ request: GET https://own.example/a, defer: [{ request: DELETE http://h/a }] }',
    ['changes DELETE 5', 'origins http://h 5'],
  ],
])('%s asks for %j', async (step, wanted) => {
  expect(await asked(step)).toEqual(wanted)
})

test('the same is said once, at its first place', async () => {
  expect(await asked('request: DELETE http://h/a', 'request: DELETE http://h/b')).toEqual([
    'changes DELETE 5',
    'origins http://h 5',
  ])
})

test('each flag is one of osrun run', async () => {
  const { runOsrun } = await import('../cli/osrun.ts')
  const { stdout } = await runOsrun(['run', '--help'])
  for (const { flag, needs } of Object.values(permissionKinds)) {
    if (flag === undefined) continue
    expect(stdout).toContain(`${flag} `.trimEnd())
    expect(needs).toContain(flag)
  }
})
