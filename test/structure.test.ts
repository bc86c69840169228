import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { verbs } from '../src/steps/index.ts'

// What Biome has no rule for. The rest of the structure is in biome.json, and test/process/layers.test.ts tries that.

/** More files beside each other than this are read like a telephone book. */
const mostFiles = 15
/** Folders that may have more, and why. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['src/cli/commands', 'a file for each command of the help, and nothing else'],
])

const folders = ['src', ...foldersBelow('src')]

test('no folder of the sources has more than fifteen files beside each other', () => {
  const crowded = folders.filter((folder) => !exceptions.has(folder) && filesIn(folder).length > mostFiles)
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

/** Files outside of steps/ that have the name of a verb, and why they may. */
const namesOfVerbs = new Map([
  [
    'src/recipe/read/scope.ts',
    'what a reader is told to write: names that only the language sets, each with its verb',
  ],
  ['src/import/meaning/login-steps.ts', 'writes recipes'],
  ['src/import/meaning/request-steps.ts', 'writes recipes'],
  ['src/import/write-recipe.ts', 'writes recipes, short steps in one line'],
  ['src/run/cleanup/clean-up.ts', 'a revocation at the end is told as the step that a recipe would have'],
  [
    'src/run/cleanup/revoke-shared.ts',
    'a revocation at the end is told as the step that a recipe would have',
  ],
  ['src/export/plan/plan-recipe.ts', 'a revocation at the end is told as the step that a recipe would have'],
  ['src/web/page/state.ts', 'the page has events alone, and shows which token a revocation was of'],
])

test('no file outside of steps decides by the name of a verb, but for those that have a reason', () => {
  const name = verbs.map(({ verb }) => verb).join('|')
  // A comparison, a member or a list; `run` and `request` are words of other things, too.
  const decides = new RegExp(`\\bverb\\b.*'(${name})'|'(${name})'.*\\bverb\\b|'(${name})'.*'(${name})'`)
  const always = /'(authenticate|pick-endpoint|assert|include|revoke)'/
  // Functions of the scripts, and members of a step's context.
  const others = /\b(helpers\.has\(|needs: \[)|^ +'authenticate' \|/
  const deciding = filesBelow('src')
    .filter((file) => !/^src\/(steps|sandbox)\//.test(file))
    .filter((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .some((line) => (decides.test(line) || always.test(line)) && !others.test(line)),
    )
  expect(deciding.sort()).toEqual([...namesOfVerbs.keys()].sort())
})

function foldersBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
}

function filesBelow(folder: string): readonly string[] {
  return [folder, ...foldersBelow(folder)].flatMap((one) => filesIn(one).map((name) => join(one, name)))
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
}
