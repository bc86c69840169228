import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, Script } from 'node:vm'
import { parseSync, Visitor } from 'oxc-parser'
import { expect, test } from 'vitest'

// Texts of servers and of recipes can be long, and while a regular expression computes no signal and no deadline is heard of.

/** Those that are slow on long texts, and why they meet none. */
const exceptions = new Map([
  ['sandbox/odd-requests.ts', 'the head of a request has at most 16 KiB'],
  ['import/place.ts', 'a line that is shown has at most 400 characters'],
  ['report/html/markup.ts', 'it reads what the program itself has as templates'],
])

type Literal = { readonly file: string; readonly pattern: string; readonly flags: string }

function literalsOf(file: string): readonly Literal[] {
  const found: Literal[] = []
  const { program } = parseSync(file, readFileSync(join('src', file), 'utf8'))
  new Visitor({
    Literal(node) {
      if ('regex' in node) found.push({ file, ...node.regex })
    },
  }).visit(program)
  return found
}

const literals = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .flatMap(literalsOf)

const length = 20_000
const ends = ['', '\u0001', '\n\u0001']

/** Long texts of one character, or a few, that a pattern may be slow on: of what stands in it, after what it begins with. */
function textsFor(pattern: string): readonly string[] {
  const plain = pattern.replace(/\\[dDsSwWbBpPu](\{[^}]*\}|[0-9a-f]{4})?/g, '').replaceAll('\\', '')
  const start = /^\^?((?:\\[^\w]|[\w :/"=-])*)/.exec(pattern)?.[1]?.replaceAll('\\', '') ?? ''
  const pieces = new Set([
    ...' \n\r\ta1',
    ...plain.replace(/[a-z0-9]/gi, ''),
    start,
    `${start} `,
    `${start}a`,
  ])
  pieces.delete('')
  return [...pieces].flatMap((piece) =>
    new Set(['', start]).size === 1
      ? ends.map((end) => repeated(piece) + end)
      : ends.flatMap((end) => [repeated(piece) + end, start + repeated(piece) + end]),
  )
}

function repeated(piece: string): string {
  return piece.repeat(Math.ceil(length / piece.length))
}

const context = createContext({})
const script = new Script('work()')

/** Whether a text takes long, which it does each time: a busy machine may only seem slow. */
function isSlow(pattern: string, flags: string): boolean {
  const search = (text: string): number => {
    const started = performance.now()
    text.replace(new RegExp(pattern, flags), '')
    return performance.now() - started
  }
  context.work = () => {
    const slow = textsFor(pattern).find((text) => search(text) > 60 && search(text) > 60 && search(text) > 60)
    return slow !== undefined
  }
  try {
    return script.runInContext(context, { timeout: 3000 })
  } catch {
    // It computed for ever.
    return true
  }
}

test('what is slow is found', () => {
  for (const pattern of ['\\/+$', '\\s*\\n\\s*', '\\S{0,65536}$', '^(a+)+$', '[?&][^=&]*(sig|key)[^=&]*='])
    expect(isSlow(pattern, 'g')).toBe(true)
  expect(isSlow('^v\\d+\\.\\d+$', '')).toBe(false)
})

test('no regular expression is slow on a long text', () => {
  const distinct = new Map(literals.map((one) => [`/${one.pattern}/${one.flags}`, one]))
  expect(distinct.size).toBeGreaterThan(300)
  const slow = [...distinct]
    .filter(([, { pattern, flags }]) => /[*+{]/.test(pattern) && isSlow(pattern, flags))
    .map(([text, { file }]) => `${file} ${text}`)
  expect(slow.filter((one) => !exceptions.has(one.split(' ')[0] ?? ''))).toEqual([])
  expect(new Set(slow.map((one) => one.split(' ')[0]))).toEqual(new Set(exceptions.keys()))
}, 120_000)
