/** Keys and indexes that lead to a value. */
export type DataPath = readonly (string | number)[]

/** A path at one place of a text: a name, then `.field`, `[0]` or `["any key"]`. */
export const dataPathSource = String.raw`[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d{1,9}\]|\["[^"\]]*"\]|\['[^'\]]*'\])*`

/** Reads `name.field[0]["a key"]`; undefined when the text is no path. */
export function parseDataPath(text: string): DataPath | undefined {
  if (plainName.test(text)) return [text]
  if (!wholePath.test(text)) return undefined
  const path: (string | number)[] = []
  for (const [, index, quoted, apostrophed, name] of text.matchAll(segment)) {
    if (index !== undefined) path.push(Number(index))
    else path.push(quoted ?? apostrophed ?? name ?? '')
  }
  return path
}

/** The value at a path, or undefined. Only a value's own properties count: `constructor` leads nowhere. */
export function valueAt(value: unknown, path: DataPath): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Record<string | number, unknown>)[key]
  }
  return found
}

const plainName = /^[A-Za-z_][\w-]*$/
const wholePath = new RegExp(`^${dataPathSource}$`)
const segment = /\[(\d+)\]|\["([^"\]]*)"\]|\['([^'\]]*)'\]|([\w-]+)/g
