import { withoutEnd } from '../util/text-end.ts'

/** Every spelling in which a secret may turn up: raw, JSON, percent and form encoding, base64, shell quotes. */
export function formsOf(secret: string): readonly string[] {
  const forms = new Set<string>([secret])
  const add = (form: string): void => {
    if (form.length >= shortest) forms.add(form)
  }
  const json = JSON.stringify(secret).slice(1, -1)
  add(json)
  add(json.replaceAll('/', '\\/'))
  add(escapeNonAscii(json))
  // JSON in a string of JSON, as an error body that quotes the request has it.
  add(JSON.stringify(json).slice(1, -1))
  const percent = percentEncoded(secret)
  for (const one of [
    percent,
    percent.replaceAll('%2F', '/'),
    encodeUriComponent(secret),
    encodeUriComponent(secret).replaceAll('%2F', '/'),
  ]) {
    add(one)
    add(one.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()))
    add(one.replaceAll('%20', '+'))
  }
  for (const one of base64Forms(Buffer.from(secret, 'utf8'))) add(one)
  add(secret.replaceAll("'", "'\\''"))
  add(secret.replace(/[\\"$`]/g, '\\$&'))
  add(secret.trim())
  return [...forms]
}

/** Secrets shorter than this would hide innocent text, so only headers and fields that are secret by name hide them. */
export const shortest = 4

function encodeUriComponent(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
}

function percentEncoded(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) =>
      /[A-Za-z0-9._~-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
}

function escapeNonAscii(json: string): string {
  return json.replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

// Inside a longer text a secret stands at one of three offsets; the characters at its ends depend on its
// neighbours, so that only those wholly made of the secret can be looked for.
function base64Forms(bytes: Buffer): readonly string[] {
  const forms: string[] = []
  for (const offset of [0, 1, 2]) {
    const padded = withoutEnd(Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64'), '=')
    const head = Math.ceil((offset * 8) / 6)
    const whole = Math.floor(((offset + bytes.length) * 8) / 6)
    const inner = padded.slice(head, whole)
    if (inner.length >= 6) forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'))
  }
  const full = bytes.toString('base64')
  forms.push(full, withoutEnd(full, '='), bytes.toString('base64url'))
  return forms
}
