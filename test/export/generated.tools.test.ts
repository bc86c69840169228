import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toPlainScript } from '../../src/export/plain/script.ts'
import { OsrunError } from '../../src/model/problem.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { verbs } from '../../src/steps/index.ts'
import { recipeOf } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { anyRecipe, simpleRecipe } from './generated-recipes.ts'
import { ownPart } from './own-part.ts'

async function valid(text: string): Promise<Recipe | undefined> {
  try {
    return await recipeOf(text)
  } catch (error) {
    if (error instanceof OsrunError) return undefined
    throw error
  }
}

async function scriptOf(write: () => Promise<string>): Promise<string | undefined> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof OsrunError && error.code === 'EXPORT_IMPOSSIBLE') return undefined
    throw error
  }
}

test.each([
  ['robust', anyRecipe, async (recipe: Recipe) => ownPart(await exported(recipe))],
  ['plain', simpleRecipe, (recipe: Recipe) => toPlainScript(recipe, { verbs, cloud: undefined })],
] as const)(
  'shellcheck has nothing to say about scripts of generated recipes: %s',
  async (_kind, recipes, write) => {
    // Of one seed, so that whoever meets a complaint meets it again.
    const texts = fc.sample(recipes, { numRuns: 60, seed: 20 })
    const folder = mkdtempSync(join(tmpdir(), 'osrun-generated-'))
    const names: string[] = []
    for (const [index, text] of texts.entries()) {
      const recipe = await valid(text)
      const script = recipe && (await scriptOf(() => write(recipe)))
      if (script === undefined) continue
      writeFileSync(join(folder, `${index}.sh`), script)
      names.push(`${index}.sh`)
    }
    expect(names.length).toBeGreaterThan(15)
    const { stdout, error } = spawnSync('shellcheck', ['--format=gcc', '--norc', ...names], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    })
    rmSync(folder, { recursive: true })
    expect([error, stdout]).toEqual([undefined, ''])
  },
  120_000,
)
