import type { HeaderList, Span } from '../model/exchange.ts'

const secretHeader =
  /^(x-auth-token|x-subject-token|x-service-token|x-storage-token|authorization|proxy-authorization|openstack-auth-receipt|x-auth-key|x-storage-pass|x-api-key|x-csrf-?token|cookie|set-cookie|x-(account|container)-meta-temp-url-key(-2)?)$/i
const secretField =
  /^(password|original_password|secret|passcode|adminPass|admin_pass|private_key|client_secret|access_token|refresh_token)$/
const secretFieldText = new RegExp(
  `"(?:${secretField.source.slice(2, -2)})"\\s*:\\s*"(?!\\$\\{[^"]*\\}")((?:[^"\\\\]|\\\\.){1,200})"`,
  'gs',
)

/** Whether a header's value is a secret by its name. */
export function isSecretHeader(name: string): boolean {
  return secretHeader.test(name)
}

/** Whether a field of a JSON document is a secret by its name. */
export function isSecretField(name: string): boolean {
  return secretField.test(name)
}

/**
 * Where a text that holds JSON, whole or not, has the texts of fields that are secret by name, however short they are. A
 * template of a recipe is none.
 */
export function fieldSpans(text: string): readonly Span[] {
  if (!text.includes('":') && !text.includes('" :')) return []
  return [...text.matchAll(secretFieldText)].map(({ index, 0: whole, 1: value = '' }) => {
    const end = index + whole.length - 1
    return { start: end - value.length, end }
  })
}

/** The secret values of a list of headers. */
export function secretsOfHeaders(headers: HeaderList): readonly string[] {
  return headers
    .filter(([name]) => isSecretHeader(name))
    .flatMap(([name, value]) =>
      /^(set-)?cookie$/i.test(name)
        ? cookieValues(value)
        : /authorization$/i.test(name)
          ? [value.replace(/^\S+\s+/, '')]
          : [value],
    )
}

/** The secret values of a JSON document: fields that are secret by name, at any depth. */
export function secretsOfJson(value: unknown, depth = 0): readonly string[] {
  if (typeof value !== 'object' || value === null || depth > 20) return []
  return Object.entries(value).flatMap(([key, child]) =>
    typeof child === 'string' ? (secretField.test(key) ? [child] : []) : secretsOfJson(child, depth + 1),
  )
}

/**
 * The signatures of temporary URLs: whoever has one may do what it grants.
 * https://docs.openstack.org/swift/latest/api/temporary_url_middleware.html
 */
export function signaturesOf(...urls: readonly (string | undefined)[]): readonly string[] {
  return urls.flatMap((url = '') =>
    [...url.matchAll(/[?&]temp_url_sig=([^&#\s]+)/gi)].map(([, signature = '']) => signature),
  )
}

function cookieValues(text: string): readonly string[] {
  return text.split(/;\s*/).flatMap((pair) => pair.split('=').slice(1).join('=') || [])
}
