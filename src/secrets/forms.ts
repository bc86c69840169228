import { withoutEnd } from '../util/text/text-end.ts'

/**
 * The spellings in which a secret may turn up that are no escapes of its characters, which views decode: base64 at each
 * alignment, of itself too, hex, UTF-8 read as Latin-1, without blanks around it and with those within it collapsed.
 */
export function formsOf(secret: string): readonly string[] {
  const forms = new Set<string>()
  const add = (form: string): void => {
    if (form.length >= shortest) forms.add(form)
  }
  for (const plain of plainForms(secret)) add(plain)
  const bytes = Buffer.from(secret, 'utf8')
  add(bytes.toString('latin1'))
  const hex = bytes.toString('hex')
  add(hex)
  add(hex.toUpperCase())
  for (const one of base64Forms(bytes)) {
    add(one)
    for (const two of base64Forms(Buffer.from(one))) add(two)
  }
  return [...forms]
}

/** Those of its spellings that cost nothing. */
export function plainForms(secret: string): readonly string[] {
  return [...new Set([secret, secret.trim(), secret.replace(/\s+/g, ' ').trim()])]
}

/** Secrets shorter than this would hide innocent text, so only headers and fields that are secret by name hide them. */
export const shortest = 4

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
  return [...new Set(forms)]
}
