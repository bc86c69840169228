const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0')
const unicode = (text: string): string => text.replace(/./gs, (one) => `\\u${hex(one.charCodeAt(0), 4)}`)
const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase())
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const json = (text: string): string => JSON.stringify(text).slice(1, -1)
const html = (text: string, quote: string, apostrophe: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', quote)
    .replaceAll("'", apostrophe)
const python = (text: string, quote: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')

/** How programs spell a text that they quote, by name; written apart from the masker that it judges. */
export const spellings: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  JSON: json,
  'JSON in JSON': (text) => json(json(text)),
  'JSON with slashes escaped': (text) => json(text).replaceAll('/', '\\/'),
  'JSON as Go writes it': (text) => json(text).replace(/[<>&\u2028\u2029]/g, unicode),
  'JSON as Gson writes it': (text) => json(text).replace(/[<>&='+]/g, unicode),
  'JSON in ASCII': (text) => json(text).replace(/[\u007f-\uffff]/g, unicode),
  'JSON, all escaped': unicode,
  'JSON, all escaped, capital': (text) =>
    unicode(text).replace(/u(.{4})/g, (_all, code) => `u${code.toUpperCase()}`),
  HTML: (text) => html(text, '&quot;', '&#39;'),
  'HTML in hexadecimal': (text) => html(text, '&#x22;', '&#x27;'),
  XML: (text) => html(text, '&quot;', '&apos;'),
  'HTML, every character': (text) => [...text].map((one) => `&#${one.codePointAt(0)};`).join(''),
  'JSON in HTML': (text) => html(json(text), '&quot;', '&#39;'),
  'HTML in JSON': (text) => json(html(text, '&quot;', '&#39;')),
  percent: encodeURIComponent,
  'percent, small': (text) => lower(encodeURIComponent(text)),
  'percent, all': (text) => [...Buffer.from(text)].map((byte) => `%${hex(byte, 2).toUpperCase()}`).join(''),
  'percent twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'percent in part': encodeURI,
  form: (text) => new URLSearchParams({ s: text }).toString().slice(2),
  'form, small': (text) => lower(new URLSearchParams({ s: text }).toString().slice(2)),
  'Python in single quotes': (text) => python(text, "'"),
  'Python in double quotes': (text) => python(text, '"'),
  'Python bytes': (text) =>
    python(Buffer.from(text).toString('latin1'), "'")
      .split('')
      .map((one) => (/[ -~\n\r\t]/.test(one) ? one : `\\x${hex(one.charCodeAt(0), 2)}`))
      .join(''),
  shell: (text) => text.replaceAll("'", "'\\''"),
  'shell as Python quotes for it': (text) => text.replaceAll("'", `'"'"'`),
  'shell in double quotes': (text) => text.replace(/[\\"$`]/g, '\\$&'),
  "shell in $'": (text) => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'"),
  YAML: (text) => text.replaceAll("'", "''"),
  CSV: (text) => text.replaceAll('"', '""'),
  base64,
  'base64 without padding': (text) => base64(text).replace(/=+$/, ''),
  'base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'base64 in lines': (text) => base64(text).replace(/.{76}(?!$)/g, '$&\n'),
  'base64 twice': (text) => base64(base64(text)),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  'hexadecimal, capital': (text) => Buffer.from(text).toString('hex').toUpperCase(),
}

/** How a secret may be spelled in output. */
export function formsOfSecret(secret: string): readonly string[] {
  const forms = Object.values(spellings).map((spell) => spell(secret))
  return [...new Set(forms)].filter((form) => form.length >= 4)
}
