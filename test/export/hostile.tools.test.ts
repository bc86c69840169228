import { spawnSync } from 'node:child_process'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Recorded, startRecordingServer } from '../http/recording-server.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { everyShell, runScript } from './shell.ts'

let server: Awaited<ReturnType<typeof startRecordingServer>>
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const hostile = [
  'plain',
  '',
  `p'a$s "w\\rd`,
  '`id`',
  '$(id)',
  '${HOME}',
  '!!',
  '%41%2F%',
  'a\nb',
  'a\n',
  '\u00e9\u20ac\ud83d\ude00',
  '\u2018quoted\u2019 \u201ctwice\u201d',
  '-x',
  '@file',
  '  two  ',
  "(a)*!~'",
  '\\',
  `'`,
  '"',
  'a\tb',
  'a\rb',
  'a?b#c&d=e+f',
  '\\(1)',
  '\u00a0',
]

async function bothWays(
  steps: string,
  inputs: Readonly<Record<string, string>>,
  shell: readonly string[],
  name = 'hostile',
): Promise<readonly (readonly Recorded[])[]> {
  const declared = Object.keys(inputs).map((input) => `${input}: ""`)
  const recipe = await recipeOf(
    `osrun: 1\nname: ${name}\ninputs: { base: "", ${declared.join(', ')} }\nsteps:\n${steps}`,
  )
  const environment = Object.fromEntries(
    Object.entries(inputs).map(([input, value]) => [`FROM_${input}`, value]),
  )
  const { base } = server
  server.take()
  const { result } = await runToEnd(recipe, { inputs: { ...inputs, base }, environment })
  expect(result.problem).toBeUndefined()
  const own = server.take()
  const { status, stderr } = await runScript(await exported(recipe), shell, {
    ...environment,
    ...inputs,
    base,
  })
  expect([status, stderr]).toEqual([0, ''])
  return [own, server.take()]
}

// Most of them in one value, since each request of a script costs some processes; apart, what matters at an end.
const all = Object.fromEntries(
  ['', '-x', '@file', 'a\n', '  two  ', hostile.join('|')].map((value, index) => [`x${index}`, value]),
)
const isFitForHeader = (text: string): boolean => !/[\n\r]/.test(text)
const fitForHeaders = Object.fromEntries(
  ['', '-x', '@file', ';', 'caf\u00e9 \u00ff', hostile.filter(isFitForHeader).join('|')].map(
    (value, index) => [`x${index}`, value],
  ),
)

// That dash sends all of it is in four-ways.test.ts.
const otherShells = everyShell.filter(([name]) => name !== 'dash')
describe.each(otherShells.map((shell) => [shell.join(' '), shell] as const))(
  'an export for %s',
  (_name, shell) => {
    test('sends the same URLs and bodies', async () => {
      const steps = Object.keys(all).map(
        (x) => `  - request:
      url: POST \${base}/a/\${${x}}/b?c=\${${x}}
      query: { d: "\${${x}}", e: "1-\${${x}}" }
      json: { a: "\${${x}}", b: ["-\${${x}}-", 1, null], "k$'\\"": true }
  - request:
      url: PUT \${base}/\${${x}:-none}
      form: { f: "\${${x}}", g: [1, "\${env.FROM_${x}}"] }
  - request: { url: "PATCH \${base}/", body: "<\${${x}}>" }
  - request: { url: "PUT \${base}/", json: "\${${x}}" }
`,
      )
      const [own, script] = await bothWays(steps.join(''), all, shell)
      expect(script).toEqual(own)
    }, 120_000)

    test('sends the same headers', async () => {
      const steps = Object.keys(fitForHeaders).map(
        (x) =>
          `  - request: { url: "GET \${base}/", headers: { X-Own: "\${${x}}", X-Part: "-\${${x}}-" } }\n`,
      )
      const [own, script] = await bothWays(steps.join(''), fitForHeaders, shell)
      expect(script).toEqual(own)
    })
  },
)

test('what is written in the recipe itself is sent as it is, and shellcheck has nothing to say', async () => {
  const steps = ['-x', '@file', 'a\n', '\\', hostile.join('|'), hostile.filter(isFitForHeader).join('|')].map(
    (x) => {
      const literal = JSON.stringify(x.replaceAll('${', () => '$${'))
      const header = isFitForHeader(x) ? literal : '"x"'
      return `  - name: ${literal}
    note: ${literal}
    request: { url: "POST \${base}/", headers: { X-Own: ${header} }, query: { a: ${literal} }, json: { a: ${literal} } }
  - request: { url: "POST \${base}/", body: ${literal} }
  - request: { url: "POST \${base}/", json: { a: ${literal}, b: "\${base}" } }
`
    },
  )
  const [own, script] = await bothWays(steps.join(''), {}, ['dash'])
  expect(script).toEqual(own)
  const text = await exported(
    await recipeOf(`osrun: 1\nname: all\ninputs: { base: "" }\nsteps:\n${steps.join('')}`),
  )
  const { stdout } = spawnSync('shellcheck', ['--format=gcc', '-'], { input: text, encoding: 'utf8' })
  expect(stdout).toBe('')
})

describe('on the sandbox', () => {
  let sandbox: Sandbox
  beforeEach(async () => {
    sandbox = await startSandbox({ record: true })
  })
  afterEach(() => sandbox.close())

  test.each([hostile.join('|'), 'a\n', '-x', '  two  '])(
    'the password %j reaches Keystone',
    async (password) => {
      const recipe = await recipeOf('osrun: 1\nname: login\nsteps:\n  - authenticate:\n')
      const environment = { ...sandbox.environment, OS_PASSWORD: password }
      const cloud = await cloudOf(environment)
      for (const known of [undefined, cloud]) {
        const { status } = await runScript(await exported(recipe, known), ['dash'], environment)
        expect(status).toBe(5)
        const sent = JSON.parse(sandbox.requests.at(-1)?.body.toString() ?? '') as Record<string, never>
        expect(sent).toMatchObject({ auth: { identity: { password: { user: { password } } } } })
      }
      await runToEnd(recipe, { cloud }).catch(() => {})
      expect(JSON.parse(sandbox.requests.at(-1)?.body.toString() ?? '')).toEqual(
        JSON.parse(sandbox.requests.at(-2)?.body.toString() ?? ''),
      )
    },
  )
})
