import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, Script } from 'node:vm'
import { type Expression, parseSync, Visitor, type VisitorObject } from 'oxc-parser'
import { expect, test } from 'vitest'

// Texts of servers and of recipes can be long, and while a regular expression computes no signal and no deadline is heard of.

/** Those that are slow on long texts, and why they meet none. */
const exceptions = new Map([
  ['sandbox/odd-requests.ts', 'the head of a request has at most 16 KiB'],
  ['import/place.ts', 'a line that is shown has at most 400 characters'],
  ['report/html/markup.ts', 'it reads what the program itself has as templates'],
])

type Literal = { readonly file: string; readonly pattern: string; readonly flags: string }

/** Files that make one of texts which stand in no source, and why these are not slow. */
const madeElsewhere = new Map([
  ['recipe/expectation/simple-schema.ts', 'a pattern of a recipe runs where its time is limited'],
  ['recipe/read/steps.ts', 'a pattern of a recipe is only read'],
  ['recipe/schema/guided-schema.ts', 'it has the patterns of the schema of recipes, and keys of a recipe'],
  ['secrets/secret-fields.ts', 'it is a copy of one that is looked at'],
  ['run/step/run-step.ts', 'a pattern of a recipe runs where its time is limited'],
])
const made = new Set<string>()

type Piece = NonNullable<Parameters<NonNullable<VisitorObject['NewExpression']>>[0]['arguments'][number]>

/** The text that an expression is, with a letter for each value that only a run knows; undefined where no text stands in it. */
function textOf(
  node: Piece | Expression | undefined,
  texts: ReadonlyMap<string, string>,
): string | undefined {
  if (node === undefined) return undefined
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined
  if (node.type === 'Identifier') return texts.get(node.name)
  if (node.type === 'TaggedTemplateExpression')
    return node.quasi.quasis.map(({ value }) => value.raw).join('a')
  if (node.type !== 'TemplateLiteral') return undefined
  return node.quasis
    .map(
      ({ value }, index) =>
        `${value.cooked ?? ''}${index < node.expressions.length ? (textOf(node.expressions[index], texts) ?? 'a') : ''}`,
    )
    .join('')
}

const programs = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => ({ file, program: parseSync(file, readFileSync(join('src', file), 'utf8')).program }))

// Constants of any file by their names; those that are made of others come after them.
const texts = new Map<string, string>()
for (let round = 0; round < 3; round++)
  for (const { program } of programs)
    new Visitor({
      VariableDeclarator({ id, init }) {
        if (id.type !== 'Identifier' || init === null) return
        const isSource = init.type === 'Literal' && 'regex' in init
        const text = isSource ? undefined : textOf(init, texts)
        if (text !== undefined && text.length > 3) texts.set(id.name, text)
      },
    }).visit(program)

function literalsOf({ file, program }: (typeof programs)[number]): readonly Literal[] {
  const found: Literal[] = []
  new Visitor({
    Literal(node) {
      if ('regex' in node) found.push({ file, ...node.regex })
    },
    NewExpression({ callee, arguments: [pattern, flags] }) {
      if (callee.type !== 'Identifier' || callee.name !== 'RegExp') return
      const text = textOf(pattern, texts)
      if (text === undefined || /^[a-z^$]*$/.test(text)) made.add(file)
      else found.push({ file, pattern: text, flags: textOf(flags, texts) ?? '' })
    },
  }).visit(program)
  return found
}

const literals = programs.flatMap(literalsOf)

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

test('what makes a regular expression of other texts says why it is not slow', () => {
  expect([...made].toSorted()).toEqual([...madeElsewhere.keys()].toSorted())
  // Those that are made of texts of the sources are looked at as others are.
  expect(
    literals.some(({ file, pattern }) => file === 'util/secret-names.ts' && pattern.includes('passphrase')),
  ).toBe(true)
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
