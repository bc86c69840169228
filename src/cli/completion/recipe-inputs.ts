import { readFile } from 'node:fs/promises'
import type { RecipeInput } from '../../model/recipe.ts'
import { parseInputs } from '../../recipe/parse.ts'
import { verbs } from '../../steps/index.ts'
import type { Io } from '../io.ts'
import { recipeFiles } from '../recipes/recipe-files.ts'
import { recipePath } from '../recipes/shipped.ts'
import type { Candidate } from './command-line.ts'

/**
 * The inputs of the recipes on a command line as `name=`; once the name is written, the values that its schema
 * lists. A recipe that cannot be read has none.
 */
export async function recipeInputs(
  paths: readonly string[],
  word: string,
  { home, cwd }: Pick<Io, 'home' | 'cwd'>,
): Promise<readonly Candidate[]> {
  const found = new Map<string, RecipeInput>()
  for (const path of paths)
    for (const input of await inputsOf(
      path.replace(/^~(?=\/)/, () => home),
      cwd,
    ))
      if (!found.has(input.name)) found.set(input.name, input)
  const name = word.slice(0, Math.max(0, word.indexOf('=')))
  const named = found.get(name)
  if (named !== undefined) return valuesOf(named).map((value) => ({ word: `${name}=${value}`, meaning: '' }))
  return [...found.values()].map((input) => ({ word: `${input.name}=`, meaning: meaningOf(input) }))
}

async function inputsOf(path: string, cwd: string): Promise<readonly RecipeInput[]> {
  try {
    const files = await recipeFiles([path], { cwd })
    const texts = await Promise.all(files.map((file) => readFile(recipePath(file, cwd), 'utf8')))
    return texts.flatMap((text) => parseInputs(text, verbs))
  } catch {
    // Half a command line names files that are not there; nobody asked for a message.
    return []
  }
}

function valuesOf({ schema, secret }: RecipeInput): readonly string[] {
  if (secret) return []
  if (Array.isArray(schema.enum)) return schema.enum.map(String)
  return schema.type === 'boolean' ? ['true', 'false'] : []
}

function meaningOf({ description, default: value, secret, required }: RecipeInput): string {
  if (description !== undefined) return description
  if (required || secret) return 'required'
  return `${JSON.stringify(value)} unless given`
}
