/**
 * The path and query of a request line: what the URL says, byte for byte, since dot segments and double slashes
 * are names in an object store; only what no request line may hold is percent-encoded.
 * https://www.rfc-editor.org/rfc/rfc9112#section-3.2.1
 */
export function requestTarget(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
  const slashed = path.startsWith('/') ? path : `/${path}`
  return /[^\u0021-\u007e]/.test(slashed)
    ? slashed.replace(/[^\u0021-\u007e]+/g, (text) => percentEncoded(Buffer.from(text)))
    : slashed
}

// As encodeURIComponent, which throws for half of a pair of surrogates.
function percentEncoded(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase().replace(/../g, '%$&')
}
