import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planRecipe } from '../../src/export/plan/plan-recipe.ts'
import type { Cloud } from '../../src/model/cloud.ts'
import type { Plan, PlannedStep } from '../../src/model/plan.ts'
import type { Json, Recipe } from '../../src/model/recipe.ts'
import { knownInputs } from '../../src/recipe/choose/resolve-inputs.ts'
import { planText } from '../../src/report/text/plan-text.ts'
import { learnCloud } from '../../src/run/masking/cloud-secrets.ts'
import { createMasker } from '../../src/secrets/masker.ts'
import { verbs } from '../../src/steps/index.ts'
import { nowhere } from '../nowhere.ts'
import { loadMain } from '../run/included.ts'
import { cloudOf, loadRecipe, recipeOf, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { passwords } from '../secrets/canary.ts'

let sandbox: Sandbox
let cloud: Cloud
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
  cloud = await cloudOf(sandbox.environment)
})
afterAll(() => sandbox.close())

function plan(recipe: Recipe, on?: Cloud, inputs: Readonly<Record<string, Json>> = {}): Promise<Plan> {
  return planRecipe(recipe, {
    verbs,
    cloud: on,
    inputs: knownInputs(recipe, { values: inputs }),
    urlNames: on === undefined ? [] : learnCloud(on, createMasker()),
    explainCurl: false,
    sharesTokens: false,
    keepTokens: false,
  })
}

async function planOf(steps: string, inputs = '', on?: Cloud, values = {}): Promise<Plan> {
  return plan(await recipeOf(`osrun: 1\nname: planned\n${inputs}steps:\n${steps}`), on, values)
}

const allSteps = ({ steps, cleanup }: Plan): readonly PlannedStep[] => [...steps, ...cleanup]
const linesOf = (steps: readonly PlannedStep[]): readonly string[] =>
  steps.flatMap(({ requests }) => requests.map(({ curl }) => curl))
const remarksOf = (planned: Plan): string =>
  allSteps(planned)
    .flatMap(({ remarks }) => remarks)
    .join('\n')

const files = readdirSync('recipes').filter((name) => name.endsWith('.yaml'))

describe.each(files)('%s', (file) => {
  test('is told to its end, with a cloud and without, without a secret, and sends nothing', async () => {
    const recipe = await loadRecipe(`recipes/${file}`)
    for (const on of [undefined, cloud]) {
      const planned = await plan(recipe, on)
      expect(planned.steps).toHaveLength(recipe.steps.length)
      expect(remarksOf(planned)).not.toMatch(/cannot be told|would not be sent/)
      for (const { verb, requests } of planned.steps)
        expect(requests.length > 0).toBe(!/^(assert|pick-endpoint)$/.test(verb))
      const text = JSON.stringify(planned)
      expect(text).not.toContain('osrunvalue')
      for (const password of passwords) expect(text).not.toContain(password)
      const page = planText([planned], { color: false, width: 80 }, { curl: false })
      // A title, or a word, may be longer.
      for (const line of page.split('\n').slice(1))
        if (!/^ *\d[.\d]* |\S{50}/.test(line)) expect(line.length).toBeLessThanOrEqual(80)
    }
    expect(sandbox.requests).toEqual([])
  })
})

test.each(['object-metadata.yaml', 'container-fill.yaml'])('%s looks like this', async (file) => {
  const recipe = await loadRecipe(`recipes/${file}`)
  const { steps } = await plan(recipe, cloud)
  expect(steps.length).toBeGreaterThan(4)
  for (const color of [false, true]) {
    const text = planText([await plan(recipe)], { color, width: 80 }, { curl: true })
    const name = `../golden/plan/${file.replace('.yaml', color ? '-in-colour' : '')}.txt`
    await expect(text).toMatchFileSnapshot(name)
  }
})

test.each(['object-metadata.yaml', 'catalog-list.yaml', 'token-validate.yaml', 'token-revoke.yaml'])(
  'the curl lines of %s are those of its run',
  async (file) => {
    const own = await startSandbox()
    const on = await cloudOf(own.environment)
    const recipe = await loadRecipe(`recipes/${file}`)
    const { steps, cleanup } = await plan(recipe, on)
    // What is done only where the run ended early.
    const planned = linesOf([...steps, ...cleanup.filter(({ conditions }) => conditions.length === 0)])
    const { events } = await runToEnd(recipe, { cloud: on, environment: own.environment })
    await own.close()
    expect(planned).toEqual(events.flatMap((event) => (event.type === 'exchange' ? [event.curl] : [])))
  },
)

test('inputs are what was given or the default; what has no value, and a secret, stays a name', async () => {
  const inputs =
    'inputs:\n  list: { type: array, default: [1, two] }\n  number: 7\n  text: a b\n  need: null\n  key: { type: string, writeOnly: true }\n'
  const planned = await planOf(
    '  - request:\n      url: POST http://h/${text}/${need}\n      query: { q: "${text}", l: "${list}" }\n      headers: { X-Key: "${key}", X-Or: "${need:-none}" }\n      json: { list: "${list}", number: "${number}", part: "<${number}>", need: "${need}" }\n',
    inputs,
    undefined,
    { key: 'a secret that was given', text: "it's" },
  )
  expect(linesOf(planned.steps)).toEqual([
    `need="$need" jq -cnj '{"list":[1,"two"],"number":7,"part":"<7>","need":env.need}' | curl -i "http://h/it%27s/$need?q=it's&l=1&l=two" -H "X-Key: $key" -H "X-Or: $need" -H 'Content-Type: application/json' --data-binary @-`,
  ])
  expect(planned.inputs).toMatchObject([
    { name: 'list', value: [1, 'two'] },
    { name: 'number', value: 7 },
    { name: 'text', value: "it's" },
    { name: 'need', required: true },
    { name: 'key', required: true, secret: true },
  ])
  expect(planned.inputs.map((input) => 'value' in input)).toEqual([true, true, true, false, false])
  expect(JSON.stringify(planned)).not.toContain('a secret that was given')
  expect(remarksOf(planned)).toContain('${need} keeps its type in the body')
  const two = '  - request: { url: POST http://h/, json: { a: "${need}", b: "${other}", c: "${need}" } }\n'
  const both = await planOf(two, 'inputs: { need: null, other: null }\n')
  expect(remarksOf(both)).toContain('${need}, ${other} keep their types in the body')
})

test('a token goes along after authenticate alone, and to a server that the catalog may not name with a remark', async () => {
  const { steps } = await planOf(
    '  - request: GET http://h/1\n  - authenticate:\n  - request: GET http://h/2\n  - request: { url: GET http://h/3, token: true }\n  - request: { url: GET http://h/4, token: false }\n',
  )
  expect(steps.map(({ requests }) => requests[0]?.curl.includes('X-Auth-Token'))).toEqual([
    false,
    false,
    true,
    true,
    false,
  ])
  expect(steps.map(({ remarks }) => remarks.some((one) => one.includes('http://h')))).toEqual([
    false,
    false,
    true,
    false,
    false,
  ])
})

test.each([
  [
    'http_basic',
    { OS_USERNAME: 'me', OS_PASSWORD: 'quite secret' },
    '-H "Authorization: Basic $basic_credentials"',
  ],
  ['none', {}, "-H 'X-Auth-Token: notused'"],
  ['admin_token', { OS_TOKEN: 'quite secret' }, '-H "X-Auth-Token: $OS_TOKEN"'],
])('a cloud of the type %s has its own header', async (type, more, header) => {
  const on = await cloudOf({ OS_AUTH_TYPE: type, OS_ENDPOINT: 'http://h/v1', ...more })
  const planned = await planOf(
    '  - authenticate:\n  - pick-endpoint: object-store\n  - request: GET /a\n',
    '',
    on,
  )
  expect(linesOf(allSteps(planned))).toEqual([`curl -i "$endpoint/a" ${header}`])
  expect(planned.steps[1]?.does.join()).toContain('http://h/v1')
  expect(JSON.stringify(planned)).not.toContain('quite secret')
})

test('a file that the caller names does not start from the folder of the recipe', async () => {
  const inputs =
    'inputs: { up: { type: string, format: path }, to: { type: string, format: path, default: own } }\n'
  const steps =
    '  - request: { url: "PUT http://127.0.0.1/a", file: "${up}" }\n  - request: { url: "GET http://127.0.0.1/a", save-to: "${to}/a" }\n'
  expect(linesOf((await planOf(steps, inputs)).steps)).toEqual([
    expect.stringContaining('-T "$up"'),
    expect.stringContaining(`-o ${nowhere}/own/a`),
  ])
  const given = { up: '/else/where', to: '/to' }
  expect(linesOf((await planOf(steps, inputs, undefined, given)).steps)).toEqual([
    expect.stringContaining('-T /else/where'),
    expect.stringContaining('-o /to/a'),
  ])
})

test('a path has the names of its values; one that leads out of its folder is told', async () => {
  const planned = await planOf(
    [
      '  - request: { url: "GET http://127.0.0.1/", save-to: "out/${run.id}.json" }',
      '  - request: { url: "PUT http://127.0.0.1/a", file: "${env.NAME}" }',
      '  - request: { url: "PUT http://127.0.0.1/a/", file: "${env.NAME}" }',
      '  - request: { url: "GET http://127.0.0.1/", save-to: "out/${name}" }',
    ].join('\n'),
    'inputs: { name: ../../x }\n',
  )
  expect(linesOf(planned.steps)).toEqual([
    expect.stringContaining(`-o "${nowhere}/out/$run_id.json"`),
    expect.stringContaining(`-T "${nowhere}/$NAME"`),
    expect.stringContaining(`--data-binary "@${nowhere}/$NAME"`),
  ])
  expect(remarksOf(planned)).toContain(`"out/../../x" leads out of the folder "${nowhere}/out"`)
})

test('Keystone is asked for its URL first where it has no version', async () => {
  const on = await cloudOf({ ...sandbox.environment, OS_AUTH_URL: 'http://h:5000' })
  const [step] = (await planOf('  - authenticate:\n', '', on)).steps
  expect(step?.requests.map(({ curl }) => curl.replace(/^.*curl/, 'curl'))).toEqual([
    `curl -i "$OS_AUTH_URL/" -H 'Accept: application/json'`,
    expect.stringContaining('"$OS_AUTH_URL/v3/auth/tokens"'),
  ])
})

test('cleaning up comes in the order of a run: the last step first, then what deferred steps defer, then tokens', async () => {
  const planned = await planOf(`  - authenticate:
  - authenticate: { as: second }
  - authenticate: { as: kept, keep: true }
  - request: PUT http://h/a
    defer:
      - request: DELETE http://h/a1
        defer: [{ request: DELETE http://h/a1x }]
      - request: DELETE http://h/a2
  - request: PUT http://h/b
    defer: [{ request: DELETE http://h/b1 }]
  - revoke: \${second}
`)
  expect(planned.cleanup.map(({ number, title }) => `${number} ${title}`)).toEqual([
    '5.1 DELETE http://h/b1',
    '4.1 DELETE http://h/a1',
    '4.2 DELETE http://h/a2',
    '4.1.1 DELETE http://h/a1x',
    'undefined keep the token "kept"',
    'undefined revoke the token "second"',
    'undefined revoke the token "token"',
  ])
  expect(planned.cleanup.slice(-2).map(({ conditions }) => conditions.length)).toEqual([1, 0])
})

test('deferred steps that come after the revocation have a token of their own', async () => {
  const steps = '  - authenticate:\n    defer: [{ request: GET http://h/ }]\n'
  expect((await planOf(steps)).cleanup[0]?.remarks.join()).not.toContain('a new one')
  expect((await planOf(`${steps}  - revoke:\n`)).cleanup[0]?.remarks.join()).toContain('a new one')
})

test('every key of a step is told in words', async () => {
  const { steps } = await planOf(`  - authenticate:
  - request: PUT http://h/\${item}
    when: { service: [object-store, image], token.project.name: [a, b] }
    for-each: "\${catalog}"
    until: { status: 200, headers: { x-count: { minimum: 1 } } }
    fail-if: { json: { $.status: ERROR } }
    every: 500ms
    timeout: 2m
    retry: { times: 1, on: [503], methods: [PUT] }
    allow-failure: true
    capture: { name: { from: headers.x, pattern: "(a)" } }
    defer: [{ name: Remove it, request: DELETE http://h/x }]
`)
  expect(steps[1]).toMatchObject({
    conditions: [
      'only when the catalog has object-store and image, and token.project.name is "a" or "b"',
      'once for each item of ${catalog}',
      'again every 500 ms until status is 200, and headers.x-count is at least 1',
      'fails at once when $.status is "ERROR"',
      'a PUT is sent again up to 1 time after 503',
      'waits up to 500 ms before that, doubled each time, 30 s at most',
      'for at most 2 min each time',
      'may fail: the run goes on',
      'defers to the end: Remove it',
    ],
    sets: [{ name: 'response' }, { name: 'name', from: 'headers.x, /(a)/' }],
  })
})

test.each([
  [
    'a header that cannot be sent',
    '  - request: { url: GET http://h/, headers: { X-A: "a\\nb" } }\n',
    /would not be sent/,
  ],
  [
    'an expectation whose form only the run knows',
    '  - request: { url: GET http://h/, expect: { minimum: "${env.LEAST}" } }\n',
    /cannot be told before the run/,
  ],
])('%s is said in a sentence', async (_what, steps, sentence) => {
  expect(remarksOf(await planOf(steps))).toMatch(sentence)
})

test('every verb of the language can be planned', () => {
  expect(verbs.filter(({ faces }) => faces?.explain === undefined)).toEqual([])
})

test('pauses, scripts, signatures, includes and versions say what they do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-plan-'))
  writeFileSync(join(folder, '_list.yaml'), 'osrun: 1\nname: list\nsteps:\n  - pick-endpoint: image\n')
  writeFileSync(
    join(folder, 'whole.yaml'),
    `osrun: 1
name: whole
defaults: { region: GRA }
steps:
  - authenticate:
  - pick-endpoint: { service: image, version: 2 }
  - pause: 1s
  - pause: { question: Ready? }
  - run: |
      echo one
      echo two
  - sign: { url: "\${endpoint}/a", key: abc }
  - include: _list.yaml
`,
  )
  const { steps } = await plan(await loadRecipe(join(folder, 'whole.yaml'), { verbs }))
  rmSync(folder, { recursive: true })
  expect(steps.slice(1).map(({ verb, does }) => [verb, ...does])).toEqual([
    [
      'pick-endpoint',
      'takes the endpoint of image out of the catalog: $OS_INTERFACE, else public; region GRA',
      "finds its version 2 by the service's document",
    ],
    ['pause', 'waits 1s'],
    ['pause', 'waits for somebody to press Enter'],
    ['run', 'runs this script by bash, with --allow-run alone:', 'echo one', 'echo two'],
    ['sign', 'signs the URL with the key, so that it can be asked for without a token; nothing is sent'],
    ['include', `runs the steps of ${join(folder, '_list.yaml')}, which follow`],
    [
      'pick-endpoint',
      'takes the endpoint of image out of the catalog: $OS_INTERFACE, else public; region $OS_REGION_NAME, else the first that has one',
    ],
  ])
})

test('the steps of an included recipe are planned in its place, with inputs of its own', async () => {
  const recipe = await loadMain({
    'main.yaml': `osrun: 1
name: main
inputs: { where: outside }
steps:
  - authenticate:
  - include: { path: sub/_part.yaml, with: { what: "\${where}-\${env.WHO}", key: not-to-be-seen } }
  - request: GET http://h/\${where}
`,
    'sub/_part.yaml': `osrun: 1
name: part
inputs: { what: x, where: inside, key: { type: string, writeOnly: true } }
steps:
  - include: _deeper.yaml
  - request: { url: "PUT http://h/\${where}/\${what}", token: false, query: { key: "\${key}" } }
    defer: [{ request: "DELETE http://h/\${what}" }]
`,
    'sub/_deeper.yaml': 'osrun: 1\nname: deeper\nsteps:\n  - request: { url: GET http://h/, token: false }\n',
  })
  const whole = await plan(recipe)
  const lines = ({ number, requests }: PlannedStep) => [number, ...requests.map(({ curl }) => curl)]
  expect(whole.steps.slice(1).map(lines)).toEqual([
    ['2'],
    ['2/1'],
    ['2/1/1', 'curl -i http://h/'],
    ['2/2', `curl -i -X PUT "http://h/inside/outside-$WHO?key=$key" -d '' -H Content-Type:`],
    ['3', 'curl -i http://h/outside -H "X-Auth-Token: $token"'],
  ])
  expect(whole.cleanup.slice(0, 1).map(lines)).toEqual([
    ['2/2.1', 'curl -i -X DELETE "http://h/outside-$WHO" -H "X-Auth-Token: $token"'],
  ])
  expect(JSON.stringify(whole)).not.toContain('not-to-be-seen')
})
