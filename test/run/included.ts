import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { LoadOptions } from '../../src/recipe/load.ts'
import { loadRecipe } from '../../src/recipe/load.ts'
import { verbs } from '../../src/steps/index.ts'

/** Writes files into a folder that is removed after the test, and gives back its path. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-include-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Loads the recipe main.yaml of some files. */
export function loadMain(files: Readonly<Record<string, string>>, options: Partial<LoadOptions> = {}) {
  return loadRecipe(join(folderOf(files), 'main.yaml'), { verbs, ...options })
}
