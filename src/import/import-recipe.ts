import type { Note, SourceText } from './conversation.ts'
import type { KnownCloud } from './meaning/known-cloud.ts'
import { understand } from './meaning/understand.ts'
import { readConversation } from './sources.ts'
import { writeRecipe } from './write-recipe.ts'

/** How to import. */
export type ImportOptions = {
  /** The kind of the source: `curl`, `debug` or `har`; found out unless given. */
  readonly from?: string | undefined
  /** The cloud whose catalog says where URLs belong; guessed by their form without one. */
  readonly known?: KnownCloud | undefined
}

/** A recipe as text, and what the person who imports should know, in the order of the source. */
export type ImportedRecipe = { readonly text: string; readonly notes: readonly Note[] }

/**
 * Turns a recorded conversation into a recipe. Secrets of the recording are in neither the recipe nor the notes.
 *
 * @throws OsrunError IMPORT_INVALID with the place of what cannot be understood
 */
export function importRecipe(source: SourceText, options: ImportOptions = {}): ImportedRecipe {
  const plain = { ...source, text: source.text.replace(/^\ufeff/, '') }
  const draft = understand(readConversation(plain, options.from), options.known)
  const name = source.file === '-' ? 'Imported from standard input' : `Imported from ${baseName(source.file)}`
  const notes = [...draft.notes].sort((a, b) => (a.at?.line ?? Infinity) - (b.at?.line ?? Infinity))
  return { text: writeRecipe(name, draft), notes }
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path
}
