import { parseJson, writeJson } from './parse-json.ts'

/** JSON with line breaks and indents; what is no object or list of JSON as it is. */
export function prettyJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text
  // What only looks like JSON is shown as it came.
  return writeJson(parseJson(text), 2) ?? text
}
