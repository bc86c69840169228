import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { importRecipe } from '../../src/import/import-recipe.ts'
import { verbs } from '../../src/steps/index.ts'
import { memoryIo } from '../cli/memory-io.ts'
import { runOsrun } from '../cli/osrun.ts'
import { constant } from '../report/constant.ts'
import { loadMain } from '../run/included.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { blocksOf } from './blocks.ts'
import { blocks, documents, expectPasses, hasScript, includedFiles, recipes } from './documented-recipes.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

test('the documents hold recipes', () => expect(recipes.length).toBeGreaterThanOrEqual(3))

test.each(recipes.filter((recipe) => !hasScript(recipe)))(
  'the recipe at $file:$line passes on the sandbox',
  (recipe) => expectPasses(recipe, sandbox),
)

test('the recipe in docs/import.md is what its commands become, and passes on the sandbox', async () => {
  const [commands, recipe] = blocksOf('docs/import.md').filter(({ language }) => language !== 'text')
  const { text } = importRecipe({ file: 'guide.sh', text: commands?.text ?? '' })
  const markdown = readFileSync('docs/import.md', 'utf8')
  await expect(markdown.replace(recipe?.text ?? '', () => text)).toMatchFileSnapshot('../../docs/import.md')
  const { environment } = sandbox
  const { result } = await runToEnd(await recipeOf(text), { cloud: await cloudOf(environment), environment })
  expect(result.problem).toBeUndefined()
})

const steps = blocks.filter(({ language, text }) => language === 'yaml' && text.startsWith('- '))
test('each verb has an example', () => expect(steps.length).toBe(verbs.length))

test.each(steps)('the step at $file:$line is one', async ({ text }) => {
  const before = '- authenticate:\n- pick-endpoint: object-store\n- request: GET /photos\n'
  const main = `osrun: 1\nname: Example\nsteps:\n${before}${text}`
  await expect(loadMain({ ...includedFiles, 'main.yaml': main })).resolves.toBeDefined()
})

const lines = blocks.flatMap(({ file, line, text }) =>
  text
    .split('\n')
    .filter((one) => one.startsWith('osrun '))
    .map((command) => ({ file, line, command })),
)
test.each(lines)('$command has known flags', async ({ command }) => {
  const program = await createProgram({ io: memoryIo().io, setStatus() {} })
  const known = program.commands.flatMap(({ options }) => options.flatMap(({ long, short }) => [long, short]))
  for (const [flag] of command.replace(/ #.*/, '').matchAll(/(?<= )--?[a-z][\w-]*/g))
    expect(known).toContain(flag)
})

test('the picture in the README is what the command prints', async () => {
  const markdown = readFileSync('README.md', 'utf8')
  const { stdout, status } = await runOsrun(['--sandbox', 'recipes/object-metadata.yaml'])
  expect(status).toBe(0)
  const start = '```text\n'
  const from = markdown.indexOf(start, markdown.indexOf('<!-- output:')) + start.length
  const to = markdown.indexOf('```\n', from)
  const picture = markdown.slice(from, to)
  // Times, ids and the port differ from run to run; a picture that shows something else is taken anew.
  const isSame = constant(picture) === constant(stdout)
  const wanted = isSame ? markdown : `${markdown.slice(0, from)}${stdout}${markdown.slice(to)}`
  await expect(wanted).toMatchFileSnapshot('../../README.md')
})

test('every file that the documents link to is there', () => {
  for (const file of [...documents, 'docs/errors.md']) {
    const folder = file.startsWith('docs/') ? 'docs/' : ''
    for (const [, link = ''] of readFileSync(file, 'utf8').matchAll(/\]\(([^)#:]+)\)/g))
      expect(existsSync(`${folder}${link}`), `${file} links to ${link}`).toBe(true)
  }
})
