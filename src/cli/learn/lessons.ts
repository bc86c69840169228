import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { OsrunError } from '../../model/problem.ts'
import { nearest } from '../../util/text/nearest.ts'
import { shippedFolder } from '../files/package-folder.ts'
import type { Io } from '../io.ts'

/** The names by which the lessons of the course can be asked for, in their order: `token`, `scopes` ... */
export async function lessonNames({ cwd }: Pick<Io, 'cwd'>): Promise<readonly string[]> {
  return (await lessons('course', cwd)).map(({ name }) => name)
}

/** As `lessonNames`, of the cards. */
export async function cardNames({ cwd }: Pick<Io, 'cwd'>): Promise<readonly string[]> {
  return (await lessons('cards', cwd)).map(({ name }) => name)
}

/**
 * The files of a lesson that is named by its number, its name or a path; of the whole course without a word. Throws
 * USAGE_INVALID for what is none of them.
 */
export async function lessonFiles(
  word: string | undefined,
  { cwd }: Pick<Io, 'cwd'>,
): Promise<readonly string[]> {
  return filesOf('course', word, cwd)
}

/** As `lessonFiles`, of the cards. */
export async function cardFiles(
  word: string | undefined,
  { cwd }: Pick<Io, 'cwd'>,
): Promise<readonly string[]> {
  return filesOf('cards', word, cwd)
}

async function filesOf(folder: string, word: string | undefined, cwd: string): Promise<readonly string[]> {
  const all = await lessons(folder, cwd)
  if (word === undefined) return all.map(({ file }) => file)
  const found = all.find(({ name }, index) => word === String(index + 1) || word === name)
  if (found !== undefined) return [found.file]
  // A path is looked for by whoever loads it.
  const isName = /^[\w-]*$/.test(word) && !existsSync(resolve(cwd, word))
  if (isName) throw unknownLesson(folder, word, all)
  return [word]
}

function unknownLesson(folder: string, word: string, all: readonly ShippedLesson[]): OsrunError {
  const names = all.map(({ name }) => name)
  const near = nearest(word, names)
  const thing = folder === 'cards' ? 'card' : 'lesson'
  const range = `By number: 1 to ${all.length}; by name: ${names.join(', ')}.`
  return new OsrunError('USAGE_INVALID', `There is no ${thing} "${word}", and no such file.`, {
    hint: near === undefined ? range : `Did you mean ${near}? ${range}`,
  })
}

type ShippedLesson = { readonly name: string; readonly file: string }

async function lessons(name: string, cwd: string): Promise<readonly ShippedLesson[]> {
  const folder = shippedFolder(name, cwd)
  const files = (await readdir(resolve(cwd, folder))).filter((file) => file.endsWith('.yaml')).sort()
  return files.map((file) => ({ name: file.replace(/^\d+-|\.yaml$/g, ''), file: join(folder, file) }))
}
