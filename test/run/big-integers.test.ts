import { afterEach, beforeEach, expect, test } from 'vitest'
import { planRecipe } from '../../src/export/plan/plan-recipe.ts'
import { toShellScript } from '../../src/export/shell/script.ts'
import { createTransport } from '../../src/library/index.ts'
import { resolveInputs, withDefaults } from '../../src/recipe/choose/resolve-inputs.ts'
import { verbs } from '../../src/steps/index.ts'
import { answeringServer } from './answering-server.ts'
import { recipeOf, runToEnd } from './on-sandbox.ts'

const id = '9007199254740993'
const next = '9007199254740995'
let heard: string[] = []
let server: Awaited<ReturnType<typeof answeringServer>>
beforeEach(async () => {
  heard = []
  server = await answeringServer((_count, request) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => heard.push(`${request.method} ${request.url} ${body}`.trim()))
    return { text: `{"id":${id},"all":[{"id":${id}},{"id":${next}},{"id":1}],"far":1e400}` }
  })
})
afterEach(() => server[Symbol.asyncDispose]())

async function run(steps: string, options: Parameters<typeof runToEnd>[1] = {}) {
  const head = `osrun: 1\nname: Digits\n`
  const recipe = await recipeOf(`${head}${steps.replaceAll('HOST', server.url)}`)
  return runToEnd(recipe, options)
}

const asked = `steps:
  - request: GET HOST/first
    capture: { id: $.id, all: $.all, ids: "$.all[*].id", big: "$.all[?@.id > 1].id", digits: { from: $.id, pattern: "3$" } }
`

test('an integer that a number would round goes out as it came, and is told with its digits', async () => {
  const { result, events } = await run(
    `${asked}  - request: { url: "POST HOST/\${id}", query: { marker: "\${id}", id: "\${big}" }, headers: { X-Id: "\${id}" }, json: { id: "\${id}", all: "\${all}", text: "is \${id}" } }
  - request: { url: POST HOST/form, form: { id: "\${ids}" } }
  - assert: { context: { id: "\${response.json.id}", digits: "3" } }
outputs: { id: "\${id}", all: "\${all}", text: "\${all}!" }
`,
  )
  expect(result.problem).toBeUndefined()
  const all = `[{"id":${id}},{"id":${next}},{"id":1}]`
  expect(heard).toEqual([
    'GET /first',
    `POST /${id}?marker=${id}&id=${id}&id=${next} {"id":${id},"all":${all},"text":"is ${id}"}`,
    `POST /form id=${id}&id=${next}&id=1`,
  ])
  expect(result.outputs).toEqual({ id, all: [{ id }, { id: next }, { id: 1 }], text: `${all}!` })
  const told = JSON.stringify(events)
  expect(told).toContain(id)
  expect(told).not.toContain(String(Number(id)))
})

test.each([
  ['{ json: { $.id: "${id}" } }', undefined],
  ['{ json: { $.id: { type: integer, minimum: 5 } } }', undefined],
  ['{ json: { $.id: { enum: [1, "${id}"] } } }', undefined],
  ['{ schema: { type: object, properties: { id: { type: integer } }, required: [id] } }', undefined],
  ['{ json: { $.far: 1e400 } }', 'RECIPE_SYNTAX'],
  ['{ json: { $.far: "1e400" } }', undefined],
  ['{ json: { "$.all[1].id": "${id}" } }', `expected ${id}, found ${next}`],
  ['{ schema: { properties: { id: { const: "${id}" } } } }', 'is compared by `const` and `enum` alone'],
])('an assertion of %s', async (wanted, problem) => {
  const end = run(`${asked}  - assert: ${wanted}\n`).then(
    ({ result }) => result.problem?.message,
    (error: { readonly code: string }) => error.code,
  )
  if (problem === undefined) expect(await end).toBeUndefined()
  else expect(await end).toContain(problem)
})

test('an input of many digits keeps them', async () => {
  const recipe = await recipeOf(
    `osrun: 1\nname: Digits\ninputs: { n: { type: integer } }\nsteps:\n  - request: GET ${server.url}/\${n}\n`,
  )
  await runToEnd(recipe, { inputs: resolveInputs(recipe, { flags: { n: id } }) })
  expect(heard).toEqual([`GET /${id}`])
})

test.each([
  ['an assertion', '  - assert: { json: { $.id: 1 } }'],
  ['a body that is asserted', '  - assert: { body: { pattern: a } }'],
  ['a capture', '    capture: { id: $.id }'],
  ['a capture of the body', '    capture: { id: body }'],
  ['a template', '  - request: GET HOST/${response.json.id}'],
])('%s of a body that is longer than what is kept says so', async (_name, step) => {
  await using transport = Object.assign(createTransport({ tls: { insecure: false }, keepBytes: 10 }), {
    async [Symbol.asyncDispose]() {},
  })
  const { result } = await run(`steps:\n  - request: GET HOST/first\n${step}\n`, { transport })
  expect(result).toMatchObject({ exit: 3, problem: { code: 'BODY_NOT_KEPT' } })
  expect(result.problem?.at).toBeDefined()
  expect(heard).toEqual(['GET /first'])
})

test('a plan and a script have the digits of an input', async () => {
  const recipe = await recipeOf(
    'osrun: 1\nname: Digits\ninputs: { n: { type: integer } }\nsteps:\n  - request: { url: "POST http://h.test/${n}", json: { n: "${n}" } }\n',
  )
  const inputs = resolveInputs(recipe, { flags: { n: id } })
  const plan = await planRecipe(recipe, {
    verbs,
    cloud: undefined,
    inputs,
    urlNames: [],
    explainCurl: false,
    sharesTokens: false,
    keepTokens: false,
  })
  expect(plan.steps[0]?.requests[0]?.curl).toContain(`{"n":${id}}`)
  expect(plan.steps[0]?.requests[0]?.curl).toContain(`http://h.test/${id}`)
  const script = await toShellScript(withDefaults(recipe, { flags: { n: id } }), { verbs, cloud: undefined })
  expect(script).toContain(`n=\${n-${id}}`)
})
