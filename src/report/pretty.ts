import { parseJson } from '../util/parse-json.ts'

/** JSON with line breaks and indents; what is no object or list of JSON as it is. */
export function pretty(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text
  // What only looks like JSON is shown as it came.
  return JSON.stringify(parseJson(text), undefined, 2) ?? text
}
