import { realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { phrase } from '../../model/phrase.ts'
import { OsrunError, type Position } from '../../model/problem.ts'
import type { Json, Recipe } from '../../model/recipe.ts'
import { isPathInput, pathsOf } from '../../recipe/choose/file-inputs.ts'
import { type FilePath, leadsOut } from '../../recipe/template/file-path.ts'
import { isWithin } from '../../util/files/within.ts'
import { writeJson } from '../../util/parse-json.ts'

/** Which files the steps of a recipe may read and write. */
export type FilePermission = {
  /** Whatever is below these folders. */
  readonly folders: readonly string[]
  /** What the caller named by inputs, and what is below it. */
  readonly named: readonly string[]
  /** The paths that inputs name, also by their defaults: a path of the recipe may begin with one. */
  readonly starts: ReadonlySet<string>
}

/** The permission of a recipe: its folder, the folders that are allowed besides, and what these inputs name. */
export function filePermission(
  recipe: Recipe,
  {
    allowed,
    given,
    inputs,
  }: {
    readonly allowed: readonly string[]
    /** The inputs that the caller gave. */
    readonly given: Readonly<Record<string, Json>>
    readonly inputs: Readonly<Record<string, Json>>
  },
): FilePermission {
  const isGiven = ({ name }: { readonly name: string }): boolean => Object.hasOwn(given, name)
  const named = recipe.inputs.filter(isGiven).flatMap((input) => pathsOf(inputs[input.name], input))
  return {
    folders: [recipe.directory, ...allowed].map((folder) => resolve(folder)),
    named,
    starts: new Set(recipe.inputs.flatMap((input) => pathsOf(inputs[input.name], input))),
  }
}

/** The permission of a recipe that another includes: its own folder besides, and what it is given begins paths. */
export function permissionWithin(
  { folders, named }: FilePermission,
  recipe: Recipe,
  inputs: Readonly<Record<string, Json>>,
): FilePermission {
  const starts = recipe.inputs.flatMap((input) => pathsOf(inputs[input.name], input))
  return { folders: [...folders, resolve(recipe.directory)], named, starts: new Set(starts) }
}

/** What a caller gave of the values of a recipe's inputs: a path that is the recipe's own default is the recipe's. */
export function givenBy(
  values: Readonly<Record<string, Json>>,
  recipe: Recipe,
): Readonly<Record<string, Json>> {
  const own = new Map(
    recipe.inputs.filter(isPathInput).map((input) => [input.name, writeJson(input.default)]),
  )
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => own.get(name) !== writeJson(value)),
  )
}

/**
 * Refuses a path that the recipe may not use, links resolved. A file that is written takes the place of a link of its name, so
 * only one that is read is followed.
 *
 * @throws OsrunError VALUE_INVALID where a value leads out of its folder, FILE_REFUSED
 */
export function permitFile(
  { path, folder }: FilePath,
  { folders, named }: FilePermission,
  { use, at }: { readonly use: 'read' | 'write'; readonly at: Position },
): void {
  const holder = use === 'read' ? path : dirname(path)
  if (folder !== undefined && !isReallyWithin(holder, [folder])) throw leadsOut(path, folder, at)
  if (named.includes(path)) return
  const known = [...folders, ...named]
  if (!isWithin(path, known) || !isReallyWithin(holder, known)) throw fileRefused(path, at)
}

/** The refusal of a file that a recipe may not use. */
export function fileRefused(path: string, at: Position): OsrunError {
  return new OsrunError('FILE_REFUSED', phrase`The file "${path}" is outside of the recipe's folder.`, {
    at,
    hint: phrase`Move it there, allow its folder by --allow-files DIR, or let the caller name it: by an input with \`format: path\`.`,
  })
}

// What is not there, or cannot be reached, is told by whoever opens it.
function isReallyWithin(path: string, folders: readonly string[]): boolean {
  const real = resolved(path)
  if (real === undefined) return true
  const reals = folders.flatMap((folder) => resolved(folder) ?? [])
  return reals.includes(real) || isWithin(real, reals)
}

function resolved(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
