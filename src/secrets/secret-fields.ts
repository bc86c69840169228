import type { HeaderList, Span } from '../model/exchange.ts'
import { isSecretName } from '../util/secret-names.ts'

const fieldText = /"([\w.-]{1,200})"\s*:\s*"(?!\$\{[^"]*\}")((?:[^"\\]|\\.){1,4000})"/gs

/**
 * Where a text that holds JSON, whole or not, has the texts of fields that are secret by name, however short they are. A
 * template of a recipe is none.
 */
export function fieldSpans(text: string): readonly Span[] {
  if (!text.includes('":') && !text.includes('" :')) return []
  return [...text.matchAll(fieldText)].flatMap(({ index, 0: whole, 1: name = '', 2: value = '' }) => {
    const end = index + whole.length - 1
    return isSecretName(name) ? [{ start: end - value.length, end }] : []
  })
}

/** The secret values of a list of headers. */
export function secretsOfHeaders(headers: HeaderList): readonly string[] {
  return headers
    .filter(([name]) => isSecretName(name))
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
    typeof child === 'string' ? (isSecretName(key) ? [child] : []) : secretsOfJson(child, depth + 1),
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
