import { createMasker } from '../../secrets/masker.ts'
import { isSecretName, isSecretParameter, isTokenField } from '../../util/secret-names.ts'
import { reference, rewrite } from '../reference.ts'

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
  // A text may be a URL, or JSON again, as the blob of Keystone's credentials is.
  if (typeof value === 'string') return textWithoutSecrets(value, secrets)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, secrets))
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      isSecretName(key) ? secretTaken(key, child, secrets) : withoutSecrets(child, secrets),
    ]),
  )
}

// What is under a name of secrets: a text, a list of them, or the mapping that a token is in a login.
function secretTaken(name: string, value: unknown, secrets: SecretInputs): unknown {
  if (typeof value === 'string') return value === '' || isOpen(value) ? value : secrets.take(value, name)
  if (Array.isArray(value))
    return value.map((item) =>
      typeof item === 'string' ? secretTaken(name, item, secrets) : withoutSecrets(item, secrets),
    )
  const rest = withoutSecrets(value, secrets)
  if (typeof value !== 'object' || value === null || !('id' in value) || !isTokenField(name)) return rest
  return { ...(rest as object), id: secretTaken(name, value.id, secrets) }
}

/** The text of a field with this name, as JSON and forms have them, without its secret. */
export function fieldWithoutSecret(name: string, text: string, secrets: SecretInputs): string {
  const isSecret = isSecretParameter(name) && text !== '' && !isOpen(text)
  return isSecret ? secrets.take(text, name) : textWithoutSecrets(text, secrets)
}

/** A text whose secret fields, written as JSON or as a form, have been taken. */
export function textWithoutSecrets(text: string, secrets: SecretInputs): string {
  const taken = text
    .replace(
      /("([\w-]+)"\s*:\s*")((?:[^"\\]|\\[\s\S])*)(?=")/g,
      (all, before: string, key: string, value: string) =>
        isSecretName(key) && value !== '' && !isOpen(value) ? before + secrets.take(value, key) : all,
    )
    .replace(/((?:^|[?&])([\w.-]+)=)([^&#]*)/g, (all, before: string, key: string, value: string) =>
      isSecretParameter(key) && value !== '' && !isOpen(value) ? before + secrets.take(value, key) : all,
    )
  return secrets.hide(taken)
}

function isOpen(text: string): boolean {
  return text.includes('\ufdd0')
}
