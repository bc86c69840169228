import { isSecretName } from '../util/secret-names.ts'

/** Hides what is known to be secret in a text. */
export type Mask = (text: string) => string

/** What stands where a secret was. */
export const hidden = '***'

/**
 * Masks one value. The types keep osrun's own words whole: `text` gives a string back, so that it is no rule for a member
 * whose type is a closed set of words, a number or a boolean.
 */
export type Rule<T> = (value: T, mask: Mask) => T

type KeysOf<T> = T extends unknown ? keyof T : never
type MemberOf<T, K> = T extends unknown ? (K extends keyof T ? Exclude<T[K], undefined> : never) : never

/** A rule for each member that any variant of the type has: the compiler asks for those that are new. */
export type Rules<T> = { readonly [K in KeysOf<T>]-?: Rule<MemberOf<T, K>> }

/** osrun's own: a word of a closed set, a name that osrun or the recipe gives, a number. It is never masked. */
export function own<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map(own)) as T
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([key, child]) => [key, own(child)])),
  ) as T
}

/** A text that holds words of others. */
export const text: Rule<string> = (value, mask) => mask(value)

/** As `text`, but for some constants of osrun's own. */
export function textBut(constants: readonly string[]): Rule<string> {
  const known = new Set(constants)
  return (value, mask) => (known.has(value) ? value : mask(value))
}

/** Data of somebody else's: every text in it, and every key. */
export function data<T>(value: T, mask: Mask): T {
  if (typeof value === 'string') return mask(value) as T
  // Most who read a report would round it.
  if (typeof value === 'bigint') return mask(String(value)) as T
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map((item) => data(item, mask))) as T
  const masked = Object.entries(value).map(([key, child]) => {
    return [mask(key), isSecretName(key) ? secretData(child, mask) : data(child, mask)]
  })
  return Object.freeze(Object.fromEntries(masked)) as T
}

// What stands under the name of a secret: a text, a number, or a list of these.
function secretData(value: unknown, mask: Mask): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map((item) => secretData(item, mask)))
  if (typeof value === 'number' || typeof value === 'bigint') return hidden
  return typeof value === 'string' && value !== '' ? hidden : data(value, mask)
}

/** A JSON value with the texts at these JSON pointers hidden. */
export function hiddenAt(value: unknown, pointers: ReadonlySet<string>, pointer = ''): unknown {
  if (pointers.has(pointer)) return hidden
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item, index) => hiddenAt(item, pointers, `${pointer}/${index}`))
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, hiddenAt(child, pointers, `${pointer}/${key}`)]),
  )
}

/** A list of values that one rule is for. */
export function each<T>(rule: Rule<T>): Rule<readonly T[]> {
  return (values, mask) => Object.freeze(values.map((value) => rule(value, mask)))
}

/** Values by names that are osrun's or the recipe's own. */
export function named<T>(rule: Rule<T>): Rule<{ readonly [name: string]: T }> {
  return (values, mask) =>
    Object.freeze(
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rule(value, mask)])),
    )
}

/** An object of osrun's own: its keys stay, and each member has its rule. What has none is left out. */
export function members<T extends object>(rules: Rules<T>): Rule<T> {
  const mask = copyOf(rules)
  return (value, hide) => Object.freeze(mask(value, hide))
}

/** As `members`, with room for a member that no rule is for. */
export function copyOf<T extends object>(rules: Rules<T>): Rule<T> {
  const ruleOf = new Map(Object.entries<Rule<unknown>>(rules as Readonly<Record<string, Rule<unknown>>>))
  return (value, mask) => {
    const masked: Record<string, unknown> = {}
    for (const key of Object.keys(value)) {
      const member = (value as Readonly<Record<string, unknown>>)[key]
      const rule = ruleOf.get(key)
      if (rule !== undefined) masked[key] = member === undefined ? member : rule(member, mask)
    }
    return masked as T
  }
}
