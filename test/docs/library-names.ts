import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The library's entry points and the subpaths that they are of the package. */
export const libraryEntries = {
  index: 'osrun',
  sandbox: 'osrun/sandbox',
  recording: 'osrun/recording',
  curl: 'osrun/curl',
}

/** A name that an entry point exports. */
export type LibraryName = { readonly name: string; readonly isType: boolean; readonly meaning: string }

/** What an entry point exports, by the alphabet; throws where something has no doc comment. */
export function namesOf(entry: string): readonly LibraryName[] {
  return exportsOf(`src/library/${entry}.ts`).toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
}

function exportsOf(file: string): readonly LibraryName[] {
  const text = readFileSync(file, 'utf8')
  const own = [...text.matchAll(/^export (?:async )?(function|const|class) (\w+)/gm)].map(
    ([, , name = '']) => ({
      name,
      isType: false,
      meaning: meaningOf(name, file),
    }),
  )
  const others = [...text.matchAll(/^export (type )?\{([^}]+)\} from '([^']+)'/gm)].flatMap(
    ([, type, names = '', from = '']) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
        .map((name) => ({
          name,
          isType: type !== undefined,
          meaning: meaningOf(name, join(dirname(file), from)),
        })),
  )
  return [...own, ...others]
}

/** The first sentence of a name's doc comment. */
function meaningOf(name: string, file: string): string {
  const text = readFileSync(file, 'utf8')
  const declaration = new RegExp(
    `^export (?:async |declare )*(?:function|const|class|interface|type) ${name}\\b`,
    'm',
  )
  const at = text.search(declaration)
  const imported = new RegExp(`^import [^\n]*\\b${name}\\b[^\n]* from '([^']+)'`, 'm').exec(text)?.[1]
  if (at < 0 && imported !== undefined) return meaningOf(name, join(dirname(file), imported))
  const comment = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\n$/.exec(text.slice(0, at))?.[1]
  if (comment === undefined) throw new Error(`${file} does not say what ${name} is`)
  const [paragraph = ''] = comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, ''))
    .join('\n')
    .trim()
    .split(/\n\n|\n@/)
  const [sentence = ''] = /^.*?[.:;](?= |$)/s.exec(paragraph.replaceAll('\n', ' ')) ?? [paragraph]
  return `${sentence.replace(/[.:;]$/, '').replaceAll('|', '\\|')}.`
}

/** The tables of docs/library.md. */
export function namesReference(): string {
  return Object.entries(libraryEntries)
    .map(([entry, subpath]) => {
      const rows = namesOf(entry).map(
        ({ name, isType, meaning }) => `| \`${name}\` | ${isType ? 'type' : ''} | ${meaning} |`,
      )
      return [`### ${subpath}`, '', '| name | | what it is |', '|---|---|---|', ...rows, ''].join('\n')
    })
    .join('\n')
}
