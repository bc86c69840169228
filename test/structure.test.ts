import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

// What Biome has no rule for. The rest of the structure is in biome.json, and test/process/layers.test.ts tries that.

/** More files beside each other than this are read like a telephone book. */
const mostFiles = 15

const folders = ['src', ...foldersBelow('src')]

test('no folder of the sources has more than fifteen files beside each other', () => {
  const crowded = folders.filter((folder) => filesIn(folder).length > mostFiles)
  expect(crowded).toEqual([])
})

describe('the map of CONTRIBUTING.md', () => {
  const text = readFileSync('CONTRIBUTING.md', 'utf8')
  const map = /^## The map\n\n((?:\|.*\n)+)/m.exec(text)?.[1] ?? ''
  const listed = [...map.matchAll(/^\| `(src\/[\w/-]+)\/` \|/gm)].map(([, folder]) => folder)

  test('names each folder of the first level, and those within run and cli, and no other', () => {
    const wanted = folders.filter((folder) => /^src\/(?:[\w-]+|(?:run|cli)\/[\w-]+)$/.test(folder))
    expect([...listed].sort()).toEqual([...wanted].sort())
  })

  test('names no folder within a line that is not there', () => {
    const within = [...map.matchAll(/^\| `(src\/[\w/-]+)\/` \|(.*)\|$/gm)].flatMap(
      ([, folder = '', words = '']) =>
        [...words.matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => join(folder, name)),
    )
    expect(within.filter((folder) => !folders.includes(folder))).toEqual([])
  })

  test('fits a screen', () => {
    const lines = map.trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(45)
    expect(lines.filter((line) => line.length > 110)).toEqual([])
  })
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
