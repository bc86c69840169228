/** Writes JSON as Python's json.dumps does by default: a space after `,` and `:`, and ASCII only. */
export function toPythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toPythonJson).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    return `{${members.map(([name, member]) => `${text(name)}: ${toPythonJson(member)}`).join(', ')}}`
  }
  return typeof value === 'string' ? text(value) : (JSON.stringify(value) ?? 'null')
}

function text(value: string): string {
  // Most texts need nothing, and a token has two hundred of them.
  if (plain.test(value)) return `"${value}"`
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

// Printable ASCII without `"` and `\`.
const plain = /^[ !#-[\]-~]*$/
