import { parse } from 'unbash'
import { expect, test } from 'vitest'
import { toPlainScript } from '../../src/export/plain/script.ts'
import type { Cloud } from '../../src/model/cloud.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { verbs } from '../../src/steps/index.ts'
import { cloudOf, loadRecipe, recipeOf } from '../run/on-sandbox.ts'
import { visit } from './own-part.ts'

const account = {
  OS_AUTH_URL: 'https://keystone.example/v3/',
  OS_USERNAME: 'learner',
  OS_PASSWORD: 'never in a script',
  OS_PROJECT_NAME: 'workshop',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_DOMAIN_NAME: 'Default',
  OS_REGION_NAME: 'GRA',
}

function plain(recipe: Recipe, cloud?: Cloud): Promise<string> {
  return toPlainScript(recipe, { verbs, cloud })
}

test('the plain script of the guide', async () => {
  const script = await plain(await loadRecipe('recipes/object-metadata.yaml'))
  await expect(script).toMatchFileSnapshot('../golden/export/object-metadata.plain.sh')
})

test.each([undefined, account])('it fits a board: %o', async (environment) => {
  const cloud = environment === undefined ? undefined : await cloudOf(environment)
  const script = await plain(await loadRecipe('recipes/object-metadata.yaml'), cloud)
  const lines = script.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(60)
  expect(lines.filter((line) => line.length > 80)).toEqual([])
  const functions: unknown[] = []
  visit(parse(script).commands, (node) => {
    if (node.type === 'Function') functions.push(node)
  })
  expect(functions).toEqual([])
  expect(script).not.toContain('never in a script')
  // Only the check that it is there has it in a word; jq reads it where no other process sees it.
  expect(script.match(/\$\{?OS_PASSWORD[^"]*/g)).toEqual(['${OS_PASSWORD:?}'])
})

const start = 'osrun: 1\nname: Not plain\nsteps:\n  - authenticate:\n  - pick-endpoint: compute\n'
test.each([
  ['retry: 2', 'A step with "retry"'],
  ['for-each: [a, b]', 'A step with "for-each"'],
  ['until: { status: 200 }\n    every: 1s', 'A step with "until"'],
  ['when: { service: compute }', 'A step with "when"'],
  ['allow-failure: true', 'A step with "allow-failure"'],
  ['defer: [{ request: DELETE /x }]', 'A step with "defer"'],
])('%s is refused with its place', async (key, what) => {
  const recipe = await recipeOf(`${start}  - request: GET /servers\n    ${key}\n`)
  await expect(plain(recipe)).rejects.toMatchObject({
    code: 'EXPORT_IMPOSSIBLE',
    message: `${what} cannot be written in a plain script.`,
    hint: expect.stringContaining('without --plain'),
    at: { file: 'recipe.yaml', line: 6, column: 5 },
  })
})

test.each([
  ['assert: { schema: { type: object } }', 'An assertion about "schema"'],
  ['assert: { json: { $.a: { type: object, required: [b] } } }', 'The expectation "required" of JSON'],
  ['assert: { headers: { a: { pattern: "\\\\bx" } } }', 'The expectation "pattern" of a text'],
  ['request: { url: /servers, all-pages: true }', 'A list of several pages'],
  ['request: { url: /servers, microversion: "2.1" }', 'A microversion'],
  ['sign: { url: "${endpoint}/x", key: "${env.K}", expires: 1h }', 'A step "sign"'],
  ['run: { script: echo }', 'A step "run"'],
  ['pick-endpoint: { service: compute, version: "2.1" }', 'A version of an endpoint'],
  ['authenticate:', 'A second token of one name'],
])('%s is refused', async (step, what) => {
  const recipe = await recipeOf(`${start}  - request: GET /servers\n  - ${step}\n`)
  await expect(plain(recipe)).rejects.toMatchObject({
    code: 'EXPORT_IMPOSSIBLE',
    message: `${what} cannot be written in a plain script.`,
    at: { line: 7 },
  })
})

test('a token goes to the cloud alone, and to a server that the recipe trusts with it', async () => {
  const text = (url: string, rest = ''): string => `${start}  - request: { url: "${url}"${rest} }\n`
  const of = async (recipe: string): Promise<string> =>
    (await plain(await recipeOf(recipe))).split('# 3. ')[1] ?? ''
  expect(await of(text('http://elsewhere.example/'))).not.toContain('X-Auth-Token')
  expect(await of(text('http://elsewhere.example/', ', token: true'))).toContain('X-Auth-Token: $token')
  expect(await of(text('${endpoint}/servers'))).toContain('X-Auth-Token: $token')
  await expect(plain(await recipeOf(text('${env.LINK}')))).rejects.toThrow('whose server only the run knows')
})

test('names that a plain script has for itself are refused', async () => {
  const recipe = await recipeOf(
    `osrun: 1\nname: n\ninputs: { found: x }\nsteps:\n  - request: GET http://h/\${found}\n`,
  )
  await expect(plain(recipe)).rejects.toMatchObject({ code: 'EXPORT_IMPOSSIBLE', at: { line: 3 } })
})
