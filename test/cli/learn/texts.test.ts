import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Learner } from '../../../src/cli/learn/learner.ts'
import { cleanupTeller } from '../../../src/cli/learn/page/cleanup-text.ts'
import { mattersOf } from '../../../src/cli/learn/page/matters.ts'
import { noteText } from '../../../src/cli/learn/page/note-text.ts'
import { readProgress } from '../../../src/cli/learn/progress.ts'
import { toHandout } from '../../../src/export/markdown.ts'
import { createPaint } from '../../../src/report/text/paint.ts'
import { runRecipe } from '../../../src/run/recipe/run-recipe.ts'
import { cloudOf, recipeOf, runToEnd, startSandbox } from '../../run/on-sandbox.ts'

const plain = { paint: createPaint(false), width: 40 }

test('a note is wrapped, its code is not, and an unbroken line of code stays whole', () => {
  const note =
    'One **bold** word and `code with spaces` in a\nparagraph of [some](https://example.org/) length.\n\n- an item that is longer than one line of forty\n- another\n\n```\ncurl   -i \\\n  URL\n```\n'
  const text = noteText(note, plain)
  expect(text).toBe(`  One bold word and code with spaces in
  a paragraph of some
  (https://example.org/) length.

  - an item that is longer than one line
    of forty
  - another

    curl   -i \\
      URL
`)
})

test('colours take no room in a line, and what would move the cursor is shown instead', () => {
  const coloured = noteText('a **b** '.repeat(12), { paint: createPaint(true), width: 40 })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it begins every colour
  const bare = coloured.replace(/\u001b\[\d+m/g, '')
  expect(bare).toBe(noteText('a **b** '.repeat(12), plain))
  expect(coloured).not.toBe(bare)
  expect(noteText('up \u001b[2J', plain)).toBe('  up \\e[2J\n')
})

test('what matters in an answer is what is captured, asserted or read later, until the next answer', async () => {
  const recipe = await recipeOf(`osrun: 1
name: Matters
steps:
  - authenticate:
  - pick-endpoint: object-store
  - id: first
    request: HEAD \${endpoint}/a
    capture: { size: headers.Content-Length }
  - assert: { headers: { etag: x }, json: { $.a: 1 } }
  - request: HEAD \${endpoint}/\${response.headers.x-next}
  - assert: { headers: { x-second: y } }
  - assert: { of: first, headers: { x-first: z } }
`)
  const of = (index: number) => ({
    headers: [...mattersOf(recipe, index).headers].sort(),
    json: mattersOf(recipe, index).json,
  })
  expect(of(0)).toEqual({ headers: ['x-subject-token'], json: ['$.token.expires_at'] })
  expect(of(2)).toEqual({ headers: ['content-length', 'etag', 'x-first', 'x-next'], json: ['$.a'] })
  expect(of(4)).toEqual({ headers: ['x-second'], json: [] })
})

test('progress survives, and a file that cannot be read is told and begun anew', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-progress-'))
  try {
    const warnings: string[] = []
    const warn = (message: string): void => void warnings.push(message)
    const place = { steps: 2, isDone: false, isPractised: true }
    await (await readProgress({ folder, cwd: '/' }, warn)).set('a.yaml', place)
    expect((await readProgress({ folder, cwd: '/' }, warn)).of('a.yaml')).toEqual(place)
    expect(warnings).toEqual([])
    writeFileSync(join(folder, 'progress.json'), '{"a')
    expect((await readProgress({ folder, cwd: '/' }, warn)).of('a.yaml').steps).toBe(0)
    expect(warnings).toHaveLength(1)
    await (await readProgress({ folder: undefined, cwd: '/' }, warn)).set('a.yaml', place)
    expect(warnings).toHaveLength(1)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a hand-out has the question of a step as a note, with its answer', async () => {
  await using sandbox = await startSandbox()
  const recipe = await recipeOf(`osrun: 1
name: Asked
steps:
  - authenticate:
    quiz: { question: Which *status*?, choices: [200, 201], answer: 201, why: It is **created**. }
`)
  const run = runRecipe(recipe, { cloud: await cloudOf(sandbox.environment) })
  expect(await toHandout(recipe, run)).toContain(
    '**Question.** Which \\*status\\*?\n\n- 200\n- 201\n\n**Answer.** 201. It is **created**.\n',
  )
})

test('a lesson and a hand-out say that outputs have no value, which no step says', async () => {
  const sandbox = await startSandbox()
  const recipe = await recipeOf(`osrun: 1
name: Nothing to give
steps:
  - authenticate:
  - request: GET http://127.0.0.1:9/
    when: { service: nothing }
    capture: { amount: $.amount }
outputs: { total: "\${amount}" }
`)
  const { events } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
  await sandbox.close()
  let said = ''
  const say = (text: string): void => {
    said += text
  }
  const tell = cleanupTeller({ say, paint: plain.paint } as Learner)
  for (const event of events) tell(event)
  expect(said).toContain('✗ ${amount} has no value.\n')
  const told = (async function* () {
    yield* events
  })()
  expect(await toHandout(recipe, told)).toContain('**Not as expected:** ')
})
