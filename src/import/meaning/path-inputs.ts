import { percentEncode } from '../../recipe/template/render-template.ts'
import { reference } from '../reference.ts'
import type { DraftNames } from './draft-names.ts'
import type { SecretInputs } from './secret-inputs.ts'
import type { UrlPlace } from './service-places.ts'

/** The names in paths that a conversation uses more than once: each is one input, with its value as the default. */
export type PathInputs = {
  /** The path below an endpoint, with references to inputs for the names in it. */
  hide(place: UrlPlace): string
}

/**
 * Finds what repeats in the paths of a conversation: containers and objects, and what follows the name of a
 * collection, as in `/servers/8c65cb68-…/action`. What stands in one URL alone stays as it is.
 */
export function collectPathInputs(
  places: readonly UrlPlace[],
  { names, secrets }: { readonly names: DraftNames; readonly secrets: SecretInputs },
): PathInputs {
  const uses = new Map<string, number>()
  for (const place of places) for (const { key } of namedParts(place)) uses.set(key, (uses.get(key) ?? 0) + 1)
  const inputs = new Map<string, string>()
  return {
    hide(place) {
      if (place.kind === 'elsewhere') return ''
      const named = namedParts(place).flatMap((part) => {
        if ((uses.get(part.key) ?? 0) < 2 || secrets.hide(part.value) !== part.value) return []
        const input = inputs.get(part.key) ?? names.claim(part.name, false, undefined, part.value)
        inputs.set(part.key, input)
        return [{ ...part, input }]
      })
      let { rest } = place
      // From the end, so that places before it stay right.
      for (const { input, start, end } of named.reverse())
        rest = rest.slice(0, start) + reference(`=${input}`) + rest.slice(end)
      return rest
    },
  }
}

type NamedPart = {
  /** The same for the same thing in another URL. */
  readonly key: string
  /** What an input for it is called. */
  readonly name: string
  readonly value: string
  readonly start: number
  readonly end: number
}

function namedParts(place: UrlPlace): NamedPart[] {
  if (place.kind === 'elsewhere') return []
  const path = place.rest.replace(/\?.*$/s, '')
  const base = place.kind === 'service' ? place.base : ''
  const parts =
    place.kind === 'service' && place.pick.service === 'object-store' ? ofStore(path) : ofItems(path)
  return parts.flatMap(({ name, text, start, within }) => {
    const value = decoded(text)
    return value === undefined
      ? []
      : [{ key: `${base}\0${within}\0${text}`, name, value, start, end: start + text.length }]
  })
}

type Part = { readonly name: string; readonly text: string; readonly start: number; readonly within: string }

/** https://docs.openstack.org/api-ref/object-store/ */
function ofStore(path: string): readonly Part[] {
  const [, container = '', object = ''] = /^\/([^/]+)(?:\/(.+))?$/s.exec(path) ?? []
  const parts: Part[] = []
  if (container !== '') parts.push({ name: 'container', text: container, start: 1, within: '' })
  if (object !== '')
    parts.push({ name: 'object', text: object, start: container.length + 2, within: container })
  return parts
}

// Actions and views are words; what has a digit is an id, or a name that somebody chose.
function ofItems(path: string): readonly Part[] {
  return [...path.matchAll(/(?<=\/(?:os-)?([a-z][a-z_-]*s)\/)(?=[^/]*\d)[^/]+/g)].map((found) => ({
    name: singular(found[1] ?? ''),
    text: found[0],
    start: found.index,
    within: found[1] ?? '',
  }))
}

function singular(collection: string): string {
  return collection.replace(/(ss)es$|ies$|s$/, (end, double?: string) => double ?? (end === 'ies' ? 'y' : ''))
}

/** The name that a template writes in the same way; undefined where there is none. */
function decoded(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text)
    const isPlain = !/[\p{C}\ufdd0\ufdd1$]/u.test(value)
    return isPlain && percentEncode(value, true) === text ? value : undefined
  } catch {
    return undefined
  }
}
