import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { shippedFolder } from '../shipped-folder.ts'

/** The names by which the lessons of the course can be asked for, in their order: `token`, `scopes` ... */
export async function lessonNames(): Promise<readonly string[]> {
  return (await lessons('course')).map(({ name }) => name)
}

/** As `lessonNames`, of the cards. */
export async function cardNames(): Promise<readonly string[]> {
  return (await lessons('cards')).map(({ name }) => name)
}

/** The files of a lesson that is named by its number, its name or a path; of the whole course without a word. */
export async function lessonFiles(word: string | undefined): Promise<readonly string[]> {
  return filesOf('course', word)
}

/** As `lessonFiles`, of the cards. */
export async function cardFiles(word: string | undefined): Promise<readonly string[]> {
  return filesOf('cards', word)
}

async function filesOf(folder: string, word: string | undefined): Promise<readonly string[]> {
  const all = await lessons(folder)
  if (word === undefined) return all.map(({ file }) => file)
  const found = all.find(({ name }, index) => word === String(index + 1) || word === name)
  return [found?.file ?? word]
}

async function lessons(name: string): Promise<readonly { readonly name: string; readonly file: string }[]> {
  const folder = shippedFolder(name)
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort()
  return files.map((file) => ({ name: file.replace(/^\d+-|\.yaml$/g, ''), file: join(folder, file) }))
}
