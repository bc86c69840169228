/** JSON with line breaks and indents; what is no object or list of JSON as it is. */
export function pretty(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    // What only looks like JSON is shown as it came.
    return text
  }
}
