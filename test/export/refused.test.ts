import { expect, test } from 'vitest'
import { toShellScript } from '../../src/export/shell/script.ts'
import type { Verb } from '../../src/model/step.ts'
import { parseRecipe } from '../../src/recipe/parse.ts'
import { verbs } from '../../src/steps/index.ts'
import { recipeOf } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'

test('every verb of the language can be exported, but for those that docs/export.md names', () => {
  const refused = verbs.filter(({ faces }) => faces?.shell === undefined)
  expect(refused.map(({ verb }) => verb)).toEqual(['include', 'run'])
})

test('a verb that has no exporter is refused by its name and place', async () => {
  const wait: Verb = {
    verb: 'wait',
    summary: 'Waits.',
    schema: { type: 'string' },
    example: '- wait: 1s\n',
    title: () => 'wait',
    sets: () => [],
    run: async () => {},
  }
  const recipe = parseRecipe('osrun: 1\nname: waits\nsteps:\n  - wait: 1s\n', {
    file: 'recipe.yaml',
    directory: '/nonexistent',
    verbs: [...verbs, wait],
  })
  await expect(toShellScript(recipe, { verbs: [...verbs, wait], cloud: undefined })).rejects.toMatchObject({
    code: 'EXPORT_IMPOSSIBLE',
    message: 'A step "wait" cannot be exported to a shell script.',
    at: { line: 4 },
  })
})

const start = 'osrun: 1\nname: refused\n'
test.each([
  [
    'two inputs with one variable',
    `${start}inputs: { a-b: x, a_b: y }\nsteps:\n  - request: GET http://h/\${a-b}\${a_b}\n`,
    'would both be $a_b',
  ],
  [
    'an input that the shell uses',
    `${start}inputs: { PATH: x }\nsteps:\n  - request: GET http://h/\${PATH}\n`,
    'means something else to a shell',
  ],
  [
    'a capture with the name of an input',
    `${start}inputs: { a: x }\nsteps:\n  - request: GET http://h/\n    capture: { a: $.b }\n`,
    'would both be $a',
  ],
  [
    'an input with the name of a variable that is read',
    `${start}inputs: { A: x }\nsteps:\n  - request: GET http://h/\${env.A}\${A}\n`,
    'would both be $A',
  ],
  [
    'a reference in a schema',
    `${start}steps:\n  - request: GET http://h/\n  - assert: { schema: { $ref: "#/$defs/a", $defs: { a: { type: string } } } }\n`,
    '$ref',
  ],
  [
    'a JSONPath function',
    `${start}steps:\n  - request: GET http://h/\n  - assert: { json: { "$[?length(@.a) > 1]": { minItems: 1 } } }\n`,
    'length()',
  ],
  [
    'a service of a condition that is not written out',
    `${start}inputs: { s: x }\nsteps:\n  - authenticate:\n  - request: GET http://h/\n    when: { service: "\${s}" }\n`,
    'service type',
  ],
  [
    'a service that is not written out',
    `${start}inputs: { s: x }\nsteps:\n  - authenticate:\n  - pick-endpoint: \${s}\n`,
    'service type',
  ],
  [
    'a user without its domain and without a cloud',
    `${start}inputs: { p: { type: string, writeOnly: true } }\nsteps:\n  - authenticate: { user: x, password: "\${p}" }\n`,
    'no cloud is named',
  ],
])('%s is refused', async (_what, text, message) => {
  const recipe = await recipeOf(text)
  await expect(exported(recipe)).rejects.toMatchObject({ code: 'EXPORT_IMPOSSIBLE' })
  await expect(exported(recipe)).rejects.toThrow(message)
})

test('a microversion with its service becomes its headers', async () => {
  const script = await exported(
    await recipeOf(
      `${start}steps:\n  - request: { url: "http://h/servers", token: false, microversion: compute 2.90 }\n`,
    ),
  )
  expect(script).toContain("'OpenStack-API-Version: compute 2.90' 'X-OpenStack-Nova-API-Version: 2.90'")
})
