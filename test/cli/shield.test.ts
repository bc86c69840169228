import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shield } from '../../src/cli/terminal/shield.ts'
import { parseRecipe } from '../../src/recipe/parse.ts'
import { reportKinds } from '../../src/report/index.ts'
import { verbs } from '../../src/steps/index.ts'
import { visibleText } from '../../src/util/text/visible.ts'
import { startSmallKeystone } from '../run/small-keystone.ts'
import { memoryIo } from './memory-io.ts'
import { type Ended, runOsrun } from './osrun.ts'

/** What a reader of the output obeys, or does not see. */
const controls = /(?![\n\t])[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/u
const commands = [/^\s*::/m, /##\w*\[/]

const hostile = [
  '\u009b31m',
  '\u009d0;title\u009c',
  '\u001b[2J',
  '\u007f',
  '\r',
  '\u202e\u2066',
  '\u00ad\u200b\ufeff\u180e\u034f\u3164\ufe0f',
  '\u{e0041}\u{e0042}',
  '##[set-output name=x;]y',
  '##vso[task.setvariable variable=x]y',
  'section_start:1:name\r\u001b[0K',
].join(' ')
const server = `begin ${hostile}\n::error::forged\n\u00a0\t::stop-commands::x\r::add-mask::y end`

function expectHarmless({ stdout, stderr }: Ended, what: string): void {
  for (const text of [stdout, stderr]) {
    expect([what, controls.exec(text)?.[0]]).toEqual([what, undefined])
    for (const command of commands) expect([what, command.exec(text)?.[0]]).toEqual([what, undefined])
  }
}

const written = (texts: readonly string[], { isTTY = false } = {}): string => {
  const { io, stdout } = memoryIo({})
  const { stdout: shielded } = shield({ ...io, stdout: Object.assign(stdout, { isTTY }) })
  for (const text of texts) shielded.write(text)
  return stdout.text()
}

describe('what is written', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        ':',
        '::',
        '#',
        '##',
        '[',
        '##[',
        '##vso[',
        ' ',
        '\n',
        '\t',
        '\r',
        '\u00a0',
        '\u001b[2J',
      ),
    ),
    { maxLength: 30 },
  )

  test('is no command and moves nothing, in however many pieces it comes', () => {
    fc.assert(
      fc.property(pieces, (texts) => {
        const text = written(texts)
        expect(text).not.toMatch(controls)
        for (const command of commands) expect(text).not.toMatch(command)
      }),
      { numRuns: 3000 },
    )
  })

  test('is the same JSON to its reader', () => {
    fc.assert(
      fc.property(pieces, fc.constantFrom(undefined, 2), (texts, indent) => {
        const value = { [texts.join('')]: texts, end: '##[' }
        expect(JSON.parse(written([`${JSON.stringify(value, undefined, indent)}\n`]))).toEqual(value)
      }),
      { numRuns: 2000 },
    )
  })

  test('has colours where the stream has, and nothing else of a terminal', () => {
    expect(visibleText('\u001b[31mred\u001b[39m \u001b[2J\u001b]0;t\u0007', { color: true })).toBe(
      '\u001b[31mred\u001b[39m \\e[2J\\e]0;t\\u0007',
    )
    expect(visibleText('\u001b[31mred', { color: false })).toBe('\\e[31mred')
  })

  test('is left alone where it is harmless, and on a terminal also what a CI obeys', () => {
    const plain = 'a::b\n a ::b\n#[x] ## [x]\n\tTab, é, 漢字, 😀\n'
    expect(written([plain])).toBe(plain)
    expect(written(['::error::x ##[y]'], { isTTY: true })).toBe('::error::x ##[y]')
    expect(written([' :', ':error::x #', '#[y]'])).toBe(' :\\u003aerror::x ##\\u005by]')
  })
})

describe('a cloud whose every text is hostile', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'osrun-shield-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const cloudOf = () =>
    startSmallKeystone({
      catalog: ['http://127.0.0.1:9/v1'],
      other({ path }, response) {
        const status = path.endsWith('/wrong') ? 418 : 200
        response.writeHead(status, { 'Content-Type': 'application/json' })
        response.end(JSON.stringify({ name: server, error: { message: server } }))
      },
    })
  const recipe = (base: string): string => {
    const file = join(folder, 'recipe.yaml')
    const text = JSON.stringify(`of the recipe ${server}`)
    writeFileSync(
      file,
      `osrun: 1\nname: ${text}\ndescription: ${text}\nsteps:\n  - { name: ${text}, note: ${text}, request: { url: "GET ${base}/v3/a", body: ${text} }, capture: { word: $.name } }\n  - { request: GET ${base}/v3/wrong, allow-failure: true }\n  - { assert: { of: request-1, json: { $.name: x } } }\noutputs: { word: "\${word}" }\n`,
    )
    return file
  }

  test.each(['', '-q', '-v', '-vv', '--no-curl', '--explain-curl'])('osrun run %s', async (flag) => {
    const keystone = await cloudOf()
    const flags = flag === '' ? [] : [flag]
    const ended = await runOsrun([recipe(keystone.base), ...flags], keystone.environment)
    expect(ended.status).toBe(4)
    expectHarmless(ended, flag)
    expect(ended.stdout).toContain('forged')
  })

  test.each(reportKinds.map(({ kind }) => kind))('--report %s=-', async (kind) => {
    const keystone = await cloudOf()
    const ended = await runOsrun([recipe(keystone.base), '--report', `${kind}=-`], keystone.environment)
    expectHarmless(ended, kind)
  })

  test.each([['check'], ['explain'], ['explain', '--json'], ['docs'], ['--list'], ['--dry-run']])(
    'osrun %s %s',
    async (...args) => {
      const keystone = await cloudOf()
      expectHarmless(await runOsrun([...args, recipe(keystone.base)], keystone.environment), args.join(' '))
    },
  )

  test.each([
    ['catalog', '--json'],
    ['catalog'],
    ['cloud'],
    ['nothing', server],
    [`--${server}`],
    ['run', `${server}.yaml`],
  ])('osrun %s %s', async (...args) => {
    const keystone = await cloudOf()
    const environment = { ...keystone.environment, OS_REGION_NAME: server, OS_USERNAME: server }
    expectHarmless(await runOsrun(args, environment), args.join(' '))
  })

  test('osrun import: the recipe has what the command had', async () => {
    const file = join(folder, 'c.sh')
    writeFileSync(file, `curl -X POST 'http://127.0.0.1:9/' -d '${server}' -H 'X-P: a\u009b31m##[x]'\n`)
    const ended = await runOsrun(['import', '--from', 'curl', file])
    expectHarmless(ended, 'import')
    const { steps } = parseRecipe(ended.stdout, { file: 'r.yaml', directory: folder, verbs })
    expect(JSON.stringify(steps.map(({ input }) => input))).toContain(JSON.stringify(server).slice(1, -1))
  })
})
