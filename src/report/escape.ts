/**
 * Text for XML and HTML, between tags or in a quoted attribute. Characters that XML 1.0 does not have become the
 * replacement character: https://www.w3.org/TR/xml/#charsets
 */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/\p{Surrogate}/gu, '\ufffd')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML lacks
      .replace(/[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(
        /[&<>"']/g,
        (character) =>
          ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? character,
      )
  )
}
