/** The value of a text, or of the UTF-8 of one, that is JSON; undefined for anything else, and for none. */
export function parseJson(text: string | Uint8Array | undefined): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text))
  } catch {
    return undefined
  }
}
