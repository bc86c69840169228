/**
 * The path and query of a request line: what the URL says, byte for byte, since dot segments and double slashes
 * are names in an object store; only what no request line may hold is percent-encoded.
 * https://www.rfc-editor.org/rfc/rfc9112#section-3.2.1
 */
export function requestTarget(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
  const slashed = path.startsWith('/') ? path : `/${path}`
  return encodeUnwritable(slashed)
}

/** Percent-encodes, as UTF-8, what no request line may hold. */
export function encodeUnwritable(text: string): string {
  if (!/[^\u0021-\u007e]/.test(text)) return text
  // As encodeURIComponent, which throws for half of a pair of surrogates.
  return text.replace(/[^\u0021-\u007e]+/g, (part) =>
    Buffer.from(part).toString('hex').toUpperCase().replace(/../g, '%$&'),
  )
}
