import type { HttpRequest } from '../../model/exchange.ts'
import type { Masker } from '../../secrets/masker.ts'
import { isSecretName } from '../../util/secret-names.ts'

/**
 * Gives names to the keys and passwords that a recipe makes up in a request, so that they are variables in curl lines: those
 * of the headers and fields that they stand in. Gives back the names that are new.
 */
export function nameSecrets(request: HttpRequest, masker: Masker): readonly string[] {
  const { headers, body, secretPlaces } = request
  if (secretPlaces !== undefined) return []
  const found: (readonly [name: string, value: string])[] = headers.filter(([name]) => isMadeUp(name))
  if (body?.kind === 'text' && body.json !== undefined) found.push(...fieldsOf(body.json))
  const fresh: string[] = []
  for (const [name, value] of found) {
    const known = masker.names()
    if (known.some((one) => value.includes(one.value))) continue
    const variable = free(
      variableFor(name),
      known.map((one) => one.variable),
    )
    masker.learn(value, variable)
    fresh.push(variable)
  }
  return fresh
}

// Tokens and cookies come from somebody else.
function isMadeUp(name: string): boolean {
  return /(?:key|pass|password|passphrase|secret)$/i.test(name) && isSecretName(name)
}

function fieldsOf(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) =>
    typeof child === 'string'
      ? child !== '' && isMadeUp(key)
        ? [[key, child] as const]
        : []
      : fieldsOf(child),
  )
}

function variableFor(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/\W+/g, '_')
    .replace(/^x_(?:(?:account|container|object)_meta_)?/, '')
}

function free(name: string, taken: readonly string[]): string {
  let [variable, count] = [name, 1]
  while (taken.includes(variable)) {
    count += 1
    variable = `${name}_${count}`
  }
  return variable
}
