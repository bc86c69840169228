import { createServer } from 'node:http'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { runRecipe } from '../../src/library/index.ts'
import { listen } from '../http/raw-server.ts'
import { recipeOf } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { runScript, shells } from './shell.ts'

let seen: string[] = []
const answer = () =>
  createServer(async (request, response) => {
    const body: Buffer[] = []
    for await (const chunk of request) body.push(chunk as Buffer)
    const text = Buffer.concat(body).toString()
    const boundary = /boundary=(\S+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? '\0'
    seen.push(
      [request.method, request.url, request.headers['x-v'], text.replaceAll(boundary, 'BOUNDARY')].join(' '),
    )
    response.end()
  })
let base = ''
beforeEach(async () => {
  base = `http://127.0.0.1:${await listen(answer())}`
})
const values = [
  'x y',
  ' two  blanks ',
  'é/x',
  '漢字 😀',
  'a|b"c',
  "it's",
  '100%',
  '%41%zz',
  'a\nb',
  'a\tb\r',
  '\u00a0\u2028\u00ad',
  '\u{10ffff}\u{e0041}',
  '$(touch x)`y`\\',
  '?a=b&c#d',
  '[0]{a,b}',
  '::x\n::error::y ##[z]',
]
const some = fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), {
  numRuns: 12,
  seed: 4711,
})

const requests = [
  'request: "GET HOST/p/${item}"',
  'request: "GET HOST/?v=${item}&w"',
  'request: { url: "GET HOST/", query: { v: "a ${item}", list: ["${item}", "b"] } }',
  'request: { url: "POST HOST/", json: { "a b": ["${item}", { c: "x${item}" }] } }',
  'request: { url: "POST HOST/", form: { v: "${item}" } }',
  'request: { url: "POST HOST/", body: "<${item}>" }',
  'request: { url: "POST HOST/", multipart: { v: "${item}" } }',
]
// No header has a line break.
const header = 'request: { url: "GET HOST/", headers: { X-V: "a${item}b" } }'

async function compare(texts: readonly string[], steps: readonly string[], shell: readonly string[]) {
  const list = JSON.stringify(texts)
  const lines = steps.map(
    (step) => `  - { for-each: ${JSON.stringify('${texts}')}, ${step.replaceAll('HOST', base)} }\n`,
  )
  const recipe = await recipeOf(
    `osrun: 1\nname: Spellings\ninputs: { texts: { type: array, default: ${list} } }\nsteps:\n${lines.join('')}`,
  )
  seen = []
  expect((await runRecipe(recipe).result).problem).toBeUndefined()
  const wanted = seen
  expect(wanted).toHaveLength(texts.length * steps.length)
  seen = []
  expect(await runScript(await exported(recipe), shell, {})).toMatchObject({ status: 0 })
  expect(seen).toEqual(wanted)
}

test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'an exported script sends what osrun sends, whatever a value is, under %s',
  { timeout: 300_000 },
  async (_name, shell) => {
    await compare([...values, ...some], requests, shell)
    await compare(
      [...values, ...some].filter((text) => !/[\p{Cc}]/u.test(text)),
      [header],
      shell,
    )
  },
)

test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'a whole URL that is a value is sent as osrun sends it, under %s',
  { timeout: 300_000 },
  async (_name, shell) => {
    const links = [...values, ...some].map((text) => `${base}/l/${text}`)
    const step = 'request: "GET ${item}"'
    await compare(links, [step], shell)
  },
)
