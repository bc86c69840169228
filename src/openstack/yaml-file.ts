import { OsrunError } from '../model/problem.ts'
import type { Setting } from './settings.ts'

/** A region of a cloud: a name, perhaps with values of its own. */
export type YamlRegion = {
  readonly name: string
  readonly from: string
  readonly values: YamlMap | undefined
}

/** A mapping of a configuration file. Scalars are text as they were written, so that digits stay names. */
export type YamlMap = {
  keys(): readonly string[]
  map(key: string): YamlMap | undefined
  text(key: string): Setting | undefined
  list(key: string): readonly YamlRegion[]
}

/** A configuration file. */
export type YamlFile = YamlMap & { readonly path: string }

/** Reads a YAML or JSON file; undefined when there is none. Throws CLOUDS_FILE_INVALID with the place. */
export async function readYamlFile(
  path: string,
  readFile: (path: string) => Promise<string | undefined>,
): Promise<YamlFile | undefined> {
  let text: string | undefined
  try {
    text = await readFile(path)
  } catch (cause) {
    throw new OsrunError('CLOUDS_FILE_INVALID', `"${path}" cannot be read.`, { cause })
  }
  if (text === undefined) return undefined
  const { LineCounter, isMap, isScalar, isSeq, parseDocument } = await import('yaml')
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, logLevel: 'silent' })
  const short = path.replace(/^.*\//, '')
  const [error] = document.errors
  if (error) {
    const { line, col } = counter.linePos(error.pos[0])
    // The line may hold a password, so it is not shown.
    throw new OsrunError(
      'CLOUDS_FILE_INVALID',
      `The file is not well-formed YAML: ${error.message.split('\n')[0]}`,
      { at: { file: path, line, column: col } },
    )
  }
  const place = (node: unknown): string => {
    const range = (node as { readonly range?: readonly number[] | null } | null)?.range
    return range?.[0] === undefined ? short : `${short}:${counter.linePos(range[0]).line}`
  }
  const toText = (node: unknown): string | undefined => {
    if (isScalar(node))
      return node.value === null
        ? undefined
        : typeof node.value === 'string'
          ? node.value
          : (node.source ?? String(node.value))
    if (isSeq(node)) return node.items.map(toText).join(',')
    return undefined
  }
  const wrap = (node: unknown): YamlMap | undefined => {
    if (!isMap(node)) return undefined
    const get = (key: string): unknown => {
      const value = node.get(key, true) as unknown
      return isAliasLike(value) ? value.resolve(document) : value
    }
    return {
      keys: () =>
        node.items.map(({ key }) =>
          isScalar(key)
            ? typeof key.value === 'string'
              ? key.value
              : (key.source ?? String(key.value))
            : String(key),
        ),
      map: (key) => wrap(get(key)),
      text(key) {
        const found = get(key)
        const value = toText(found)
        return value === undefined ? undefined : { value, from: place(found) }
      },
      list(key) {
        const found = get(key)
        if (!isSeq(found)) return []
        return found.items.flatMap((item): YamlRegion[] => {
          const name = isMap(item) ? toText(item.get('name', true)) : toText(item)
          return name === undefined
            ? []
            : [{ name, from: place(item), values: isMap(item) ? wrap(item.get('values', true)) : undefined }]
        })
      },
    }
  }
  const root = wrap(document.contents)
  if (root === undefined && document.contents !== null)
    throw new OsrunError('CLOUDS_FILE_INVALID', 'The file is to be a mapping with the key `clouds`.', {
      at: { file: path, line: 1, column: 1 },
    })
  const empty: YamlMap = { keys: () => [], map: () => undefined, text: () => undefined, list: () => [] }
  return { ...(root ?? empty), path }
}

function isAliasLike(value: unknown): value is { resolve(document: unknown): unknown } {
  return (
    typeof value === 'object' && value !== null && 'resolve' in value && typeof value.resolve === 'function'
  )
}
