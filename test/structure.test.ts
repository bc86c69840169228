import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

// What Biome has no rule for. The rest of the structure is in biome.json, and test/process/layers.test.ts tries that.

/** More files beside each other than this are read like a telephone book. */
const mostFiles = 15
/** Folders that may have more, and why. */
const exceptions = new Map([['src/steps', 'a verb stands in several files there until each has a folder']])

const folders = ['src', ...foldersBelow('src')]

test('no folder of the sources has more than fifteen files beside each other', () => {
  const crowded = folders.filter((folder) => !exceptions.has(folder) && filesIn(folder).length > mostFiles)
  expect(crowded).toEqual([])
})

function foldersBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
}
