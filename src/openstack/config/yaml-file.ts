import type { Position } from '../../model/problem.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Setting } from './settings.ts'

/** A region of a cloud: a name, perhaps with values of its own. */
export type YamlRegion = {
  readonly name: string
  readonly from: string
  readonly values: YamlMap | undefined
}

/** What a mapping has at a key; `none` also for a null. */
type YamlKind = 'none' | 'text' | 'list' | 'mapping'

/** A mapping of a configuration file. Scalars are text as they were written, so that digits stay names. */
export type YamlMap = {
  keys(): readonly string[]
  kind(key: string): YamlKind
  /** Throws CLOUDS_FILE_INVALID when something else than a mapping is there. */
  map(key: string): YamlMap | undefined
  text(key: string): Setting | undefined
  /** Throws CLOUDS_FILE_INVALID when something else than a list is there. */
  list(key: string): readonly YamlRegion[]
  /** The error that says what was expected at a key, with the place of its value. */
  refuse(key: string, expected: string): OsrunError
}

/** A configuration file. */
export type YamlFile = YamlMap & { readonly path: string }

/** Parses a YAML or JSON file. Throws CLOUDS_FILE_INVALID with the place; no text of the file is shown. */
export async function parseYamlFile(path: string, text: string): Promise<YamlFile> {
  const yaml = await import('./yaml-package.ts')
  const { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument, visit } = yaml
  const counter = new LineCounter()
  const document = parsed(path, () => parseDocument(text, { lineCounter: counter }))
  const at = (offset: number): Position => {
    const { line, col } = counter.linePos(offset)
    return { file: path, line, column: col }
  }
  const [error] = document.errors
  if (error?.code === 'MULTIPLE_DOCS')
    throw new OsrunError('CLOUDS_FILE_INVALID', 'The file has several documents, and one is read.', {
      at: at(error.pos[0]),
      hint: 'Take away what begins with the second "---".',
    })
  if (error)
    throw new OsrunError('CLOUDS_FILE_INVALID', `The file is not well-formed YAML: ${wordsOf(error)}.`, {
      at: at(error.pos[0]),
      hint: 'A value that begins with * & ! % @ or ` or that holds ": " or " #" has to be quoted.',
    })
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document) !== undefined) return
      throw new OsrunError('CLOUDS_FILE_INVALID', 'The file has a `*name` without its `&name`.', {
        at: at(node.range?.[0] ?? 0),
        hint: 'A value that begins with * has to be quoted.',
      })
    },
  })
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node)
  const place = (node: unknown): string => {
    const range = (node as { readonly range?: readonly number[] | null } | null)?.range
    const line = range?.[0] === undefined ? '' : `:${counter.linePos(range[0]).line}`
    return path.replace(/^.*[\\/]/, '') + line
  }
  const kindOf = (node: unknown): YamlKind => {
    if (isMap(node)) return 'mapping'
    if (isSeq(node)) return 'list'
    return isScalar(node) && node.value !== null ? 'text' : 'none'
  }
  const toText = (given: unknown): string | undefined => {
    const node = resolved(given)
    if (!isScalar(node) || node.value === null) return undefined
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
  }
  // `<<` gives what the mapping itself lacks, as the other readers of clouds.yaml have it.
  const collect = (node: unknown, into: Map<string, unknown>, seen: ReadonlySet<unknown>): void => {
    const own = resolved(node)
    if (!isMap(own) || seen.has(own)) return
    const merged: unknown[] = []
    for (const { key, value } of own.items) {
      const name = toText(key)
      if (name === '<<') merged.push(...(isSeq(resolved(value)) ? itemsOf(resolved(value)) : [value]))
      else if (name !== undefined && !into.has(name)) into.set(name, resolved(value))
    }
    for (const one of merged) collect(one, into, new Set([...seen, own]))
  }
  const wrap = (node: unknown): YamlMap | undefined => {
    if (!isMap(resolved(node))) return undefined
    const values = new Map<string, unknown>()
    collect(node, values, new Set())
    const refuse = (key: string, expected: string): OsrunError => {
      const { range } = (values.get(key) ?? {}) as { readonly range?: readonly number[] | null }
      return new OsrunError('CLOUDS_FILE_INVALID', `\`${key}\` is to be ${expected}.`, {
        at: at(range?.[0] ?? 0),
      })
    }
    const expect = (key: string, kind: YamlKind, words: string): void => {
      const found = kindOf(values.get(key))
      if (found !== kind && found !== 'none') throw refuse(key, words)
    }
    return {
      keys: () => [...values.keys()],
      kind: (key) => kindOf(values.get(key)),
      map(key) {
        expect(key, 'mapping', 'a mapping')
        return wrap(values.get(key))
      },
      text(key) {
        const found = values.get(key)
        const value = toText(found)
        return value === undefined ? undefined : { value, from: place(found) }
      },
      list(key) {
        expect(key, 'list', 'a list')
        return itemsOf(values.get(key)).flatMap((given): YamlRegion[] => {
          const item = resolved(given)
          const fields = wrap(item)
          const name = fields ? fields.text('name')?.value : toText(item)
          return name === undefined ? [] : [{ name, from: place(item), values: fields?.map('values') }]
        })
      },
      refuse,
    }
  }
  const itemsOf = (node: unknown): readonly unknown[] => (isSeq(node) ? node.items : [])
  const root = wrap(document.contents)
  if (root === undefined && document.contents !== null)
    throw new OsrunError('CLOUDS_FILE_INVALID', 'The file is to be a mapping with the key `clouds`.', {
      at: { file: path, line: 1, column: 1 },
    })
  return { ...(root ?? emptyMap), path }
}

/** A mapping without keys. */
export const emptyMap: YamlMap = {
  keys: () => [],
  kind: () => 'none',
  map: () => undefined,
  text: () => undefined,
  list: () => [],
  refuse: (key, expected) => new OsrunError('CLOUDS_FILE_INVALID', `\`${key}\` is to be ${expected}.`),
}

// Text nested thousands of levels deep overflows the parser's stack.
function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse()
  } catch {
    throw new OsrunError('CLOUDS_FILE_INVALID', 'The file cannot be parsed as YAML.', {
      at: { file: path, line: 1, column: 1 },
    })
  }
}

// The parser quotes the text that it stumbles over, which may be a password.
function wordsOf(error: { readonly message: string }): string {
  const [first = ''] = error.message.split('\n')
  return first.replace(/ at line \d.*$/s, '').replace(/:.*$/s, '')
}
