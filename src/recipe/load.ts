import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { OsrunError } from '../model/problem.ts'
import type { Recipe } from '../model/recipe.ts'
import type { Verb } from '../model/step.ts'
import { parseRecipe } from './parse.ts'

/** How to load a recipe. */
export type LoadOptions = {
  readonly verbs: readonly Verb[]
  /** Reads a file as UTF-8; the file system unless given. */
  readonly readFile?: (path: string) => Promise<string>
}

/** Reads a recipe's file and checks all of it. Throws as `parseRecipe`, and RECIPE_UNREADABLE. */
export async function loadRecipe(path: string, options: LoadOptions): Promise<Recipe> {
  let text: string
  try {
    text = await (options.readFile ?? readUtf8)(path)
  } catch (cause) {
    if (cause instanceof OsrunError) throw cause
    const { code } = cause as { readonly code?: unknown }
    const why =
      code === 'ENOENT'
        ? 'There is no recipe'
        : code === 'EISDIR'
          ? 'A folder is no recipe:'
          : 'Nobody can read the recipe'
    throw new OsrunError('RECIPE_UNREADABLE', `${why} "${path}".`, { cause })
  }
  return parseRecipe(text.replace(/^\ufeff/, ''), {
    file: path,
    directory: dirname(resolve(path)),
    verbs: options.verbs,
  })
}

async function readUtf8(path: string): Promise<string> {
  const bytes = await readFile(path)
  const text = bytes.toString()
  if (isUtf8(bytes)) return text
  const before = text.slice(0, text.indexOf('\ufffd')).split('\n')
  const at = { file: path, line: before.length, column: (before.at(-1) ?? '').length + 1 }
  throw new OsrunError('RECIPE_SYNTAX', 'The file is not UTF-8.', { at, hint: 'Save it in that encoding.' })
}
