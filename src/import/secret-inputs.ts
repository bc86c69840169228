import { createMasker } from '../secrets/masker.ts'
import { isSecretField } from '../secrets/secret-fields.ts'
import { reference, rewrite } from './reference.ts'

/** The literal secrets of a conversation, each with the input that takes its place. */
export type SecretInputs = {
  /** Takes a secret; gives a reference to its input. The same value has one input. */
  take(value: string, name: string): string
  /** A text in which every secret that was taken is a reference to its input. */
  hide(text: string): string
  /** A text for people, in which every secret is stars, in any spelling. */
  mask(text: string): string
}

/**
 * Collects secrets. What it gives are references named `=input`.
 *
 * @param claim finds a free name for an input and declares it as a secret one
 */
export function collectSecrets(claim: (name: string) => string): SecretInputs {
  const inputs = new Map<string, string>()
  const masker = createMasker()
  return {
    take(value, name) {
      const known = inputs.get(value) ?? claim(name)
      inputs.set(value, known)
      masker.learn(value)
      return reference(`=${known}`)
    },
    hide(text) {
      let hidden = text
      for (const [value, name] of [...inputs].sort(([a], [b]) => b.length - a.length))
        if (value.length >= shortest && hidden.includes(value))
          hidden = rewrite(hidden, (plain) => plain.replaceAll(value, reference(`=${name}`)), reference)
      return hidden
    },
    mask: masker.mask,
  }
}

/** A shorter secret would be found in innocent words; where it stands by name it is taken all the same. */
const shortest = 6

/** A JSON value whose secret fields have been taken. */
export function withoutSecrets(value: unknown, secrets: SecretInputs): unknown {
  if (typeof value === 'string') return secrets.hide(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, secrets))
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      isSecretField(key) && typeof child === 'string' && child !== '' && !isOpen(child)
        ? secrets.take(child, key)
        : withoutSecrets(child, secrets),
    ]),
  )
}

/** The text of a field with this name, as JSON and forms have them, without its secret. */
export function fieldWithoutSecret(name: string, text: string, secrets: SecretInputs): string {
  const isSecret = (isSecretField(name) || secretQuery.test(name)) && text !== '' && !isOpen(text)
  return isSecret ? secrets.take(text, name) : textWithoutSecrets(text, secrets)
}

/** A text whose secret fields, written as JSON or as a form, have been taken. */
export function textWithoutSecrets(text: string, secrets: SecretInputs): string {
  const taken = text
    .replace(
      /("([\w-]+)"\s*:\s*")((?:[^"\\]|\\[\s\S])*)(?=")/g,
      (all, before: string, key: string, value: string) =>
        isSecretField(key) && value !== '' && !isOpen(value) ? before + secrets.take(value, key) : all,
    )
    .replace(/((?:^|[?&])([\w.-]+)=)([^&#]*)/g, (all, before: string, key: string, value: string) =>
      (isSecretField(key) || secretQuery.test(key)) && value !== '' && !isOpen(value)
        ? before + secrets.take(value, key)
        : all,
    )
  return secrets.hide(taken)
}

const secretQuery =
  /^(temp_url_sig|sig|signature|token|api_?key|x-amz-(signature|security-token|credential))$/i

function isOpen(text: string): boolean {
  return text.includes('\ufdd0')
}
