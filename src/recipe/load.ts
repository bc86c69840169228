import { readdir, readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { OsrunError, toProblem } from '../model/problem.ts'
import type { Recipe } from '../model/recipe.ts'
import type { Verb } from '../model/step.ts'
import { isWithin } from '../util/files/within.ts'
import { decodeUtf8 } from '../util/text/decode-utf8.ts'
import { nearest } from '../util/text/nearest.ts'
import { parseIncludes, parseRecipe } from './parse.ts'
import { mostIncluded } from './read/include.ts'
import type { IncludedFile } from './read/reading.ts'

/** How to load a recipe. */
export type LoadOptions = {
  /**
   * The language of the recipe.
   * @internal
   */
  readonly verbs: readonly Verb[]
  /** Reads a file as UTF-8; the file system unless given. */
  readonly readFile?: (path: string) => Promise<string>
  /** Folders, besides the recipe's own, of which recipes may be included. */
  readonly allowInclude?: readonly string[]
  /** Where relative paths begin; the folder of the process unless given. */
  readonly cwd?: string
  /**
   * The text of the recipe, where it is not in its file.
   * @internal
   */
  readonly text?: string | undefined
  /**
   * What the recipe's file is called in results and messages; its path unless given.
   * @internal
   */
  readonly name?: string
}

/** Reads a recipe's file and those that it includes, and checks all of them. Throws as `parseRecipe`, and RECIPE_UNREADABLE. */
export async function loadRecipe(path: string, options: LoadOptions): Promise<Recipe> {
  const { verbs, allowInclude = [], cwd = '', name = path } = options
  const text = options.text ?? (await readText(path, options))
  const directory = dirname(resolve(cwd, path))
  const files = new Map<string, IncludedFile>()
  const allowed = [directory, ...allowInclude.map((folder) => resolve(cwd, folder))]
  await gather({ file: name, directory, text }, allowed, options, files)
  return parseRecipe(text, { file: name, directory, verbs, files })
}

async function readText(path: string, options: LoadOptions): Promise<string> {
  try {
    const { readFile: read = (file: string) => readUtf8(file, options.cwd) } = options
    return (await read(path)).replace(/^\ufeff/, '')
  } catch (cause) {
    if (cause instanceof OsrunError) throw cause
    const { code } = cause as { readonly code?: unknown }
    const why =
      code === 'ENOENT'
        ? 'There is no recipe'
        : code === 'EISDIR'
          ? 'A folder is no recipe:'
          : 'Nobody can read the recipe'
    const near = code === 'ENOENT' ? await nearestFile(resolve(options.cwd ?? '', path)) : undefined
    const hint = near && `Did you mean "${join(dirname(options.name ?? path), near)}"?`
    throw new OsrunError('RECIPE_UNREADABLE', `${why} "${options.name ?? path}".`, { cause, hint })
  }
}

async function readUtf8(path: string, cwd = ''): Promise<string> {
  return textOfRecipe(await readFile(resolve(cwd, path)), path)
}

/** The text of a recipe out of its bytes. Throws RECIPE_SYNTAX, with the place, for what is not UTF-8. */
export function textOfRecipe(bytes: Uint8Array, path: string): string {
  const decoded = decodeUtf8(bytes)
  if ('text' in decoded) return decoded.text.replace(/^\ufeff/, '')
  const { message, hint, line, column } = decoded.fault
  throw new OsrunError('RECIPE_SYNTAX', message, { at: { file: path, line, column }, hint })
}

type Source = { readonly file: string; readonly directory: string; readonly text: string }

// Each file once, however often and by whomever it is included.
async function gather(
  source: Source,
  allowed: readonly string[],
  options: LoadOptions,
  files: Map<string, IncludedFile>,
): Promise<void> {
  for (const path of parseIncludes(source.text, options.verbs)) {
    const target = resolve(source.directory, path)
    if (files.has(target) || files.size >= mostIncluded) continue
    // Messages name it as the command line named the first one.
    const file = join(dirname(source.file), relative(source.directory, target))
    const read = await readAllowed(path, { target, file }, allowed, options)
    files.set(target, read)
    if ('text' in read)
      await gather({ file, directory: dirname(target), text: read.text }, allowed, options, files)
  }
}

async function readAllowed(
  path: string,
  { target, file }: { readonly target: string; readonly file: string },
  allowed: readonly string[],
  options: LoadOptions,
): Promise<IncludedFile> {
  const outside: IncludedFile = {
    code: 'RECIPE_INVALID',
    message: `"${path}" lies outside of the recipe's folder.`,
    hint: 'Move it there, or allow its folder with --allow-include DIR.',
  }
  if (!isWithin(target, allowed)) return outside
  try {
    // A link may lead elsewhere.
    if (options.readFile === undefined && !isWithin(await real(target), await Promise.all(allowed.map(real))))
      return outside
    return { file, text: await readText(target, { ...options, name: target }) }
  } catch (error) {
    if (error instanceof OsrunError && error.code === 'RECIPE_UNREADABLE') {
      const near = await nearestFile(target)
      return {
        code: error.code,
        message: error.message.replace(target, path),
        hint: near && `Did you mean "${near}"?`,
      }
    }
    const { code, message } = toProblem(error)
    return { code, message: `"${path}" cannot be included: ${message}`, hint: undefined }
  }
}

async function real(path: string): Promise<string> {
  // What is not there is told when it is read.
  return realpath(path).catch(() => path)
}

/** The name of a recipe, or of a folder, beside a path that leads nowhere. */
async function nearestFile(path: string): Promise<string | undefined> {
  const entries = await readdir(dirname(path), { withFileTypes: true }).catch(() => [])
  return nearest(
    basename(path),
    entries.filter((entry) => entry.isDirectory() || /\.ya?ml$/.test(entry.name)).map(({ name }) => name),
  )
}
