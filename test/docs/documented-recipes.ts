import { expect } from 'vitest'
import { variantsOf } from '../../src/recipe/choose/variants.ts'
import { loadMain } from '../run/included.ts'
import { cloudOf, runToEnd, type Sandbox } from '../run/on-sandbox.ts'
import { type Block, blocksOf } from './blocks.ts'

/** The documents whose examples are tested. */
export const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/recipe.md',
  'docs/cli.md',
  'docs/import.md',
  'docs/export.md',
  'docs/recordings.md',
  'docs/scheduling.md',
  'docs/learn.md',
  'docs/library.md',
  'docs/nothing-left-behind.md',
  'docs/web.md',
]

/** Their fenced blocks. */
export const blocks = blocksOf(...documents)

/** Those that are whole recipes. */
export const recipes = blocks.filter(({ text }) => text.startsWith('osrun: 1\n'))

/** Whether the recipe has a script, which bash runs. */
export const hasScript = ({ text }: Block): boolean => /^ *- run:/m.test(text)

/** Files that the recipes include, by name: each is a block that begins with its file's name. */
export const includedFiles = Object.fromEntries(
  blocks.flatMap(({ text }) => {
    const [, name] = /^# (_\S+\.yaml)\n/.exec(text) ?? []
    return name === undefined ? [] : [[name, text] as const]
  }),
)

/** Runs a recipe of the documents in all its variants; throws unless each passes. */
export async function expectPasses({ text }: Block, sandbox: Sandbox): Promise<void> {
  const recipe = await loadMain({ ...includedFiles, 'photo.jpg': 'a photo', 'main.yaml': text })
  for (const variant of variantsOf(recipe)) {
    const { result } = await runToEnd(variant, {
      cloud: await cloudOf(sandbox.environment),
      environment: { PATH: process.env.PATH },
      allowRun: true,
    })
    expect(result.problem).toBeUndefined()
    expect(result.exit).toBe(0)
  }
}
