import type { Json } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'

/** The schemas that may apply at one place, with references and alternatives opened. */
export type Alternatives = readonly JsonSchema[]

/** Walks a schema along data, to tell what is wanted at a place. */
export type SchemaGuide = {
  readonly root: Alternatives
  child(at: Alternatives, key: string | number): Alternatives
}

/** Makes a guide; `$ref` may be `#` or `#/$defs/NAME`. */
export function schemaGuide(schema: JsonSchema): SchemaGuide {
  const definitions = asSchema(schema.$defs) ?? {}
  const opened = new WeakMap<JsonSchema, Alternatives>()

  function open(part: JsonSchema, depth = 0): Alternatives {
    const known = opened.get(part)
    if (known) return known
    const alternatives: JsonSchema[] = []
    const branches = [...asList(part.anyOf), ...asList(part.oneOf)].filter((branch) => !isRequirement(branch))
    if (typeof part.$ref === 'string') {
      const target = asSchema(part.$ref === '#' ? schema : definitions[part.$ref.replace('#/$defs/', '')])
      if (target && depth < 16) alternatives.push(...open(target, depth + 1))
    } else if (branches.length === 0 || part.type !== undefined || part.properties !== undefined)
      alternatives.push(part)
    for (const branch of [...branches, ...asList(part.allOf)])
      if (depth < 16) alternatives.push(...open(branch, depth + 1))
    opened.set(part, alternatives)
    return alternatives
  }

  function child(at: Alternatives, key: string | number): Alternatives {
    const only = at.length === 1 ? childOf(at[0], key) : undefined
    if (only) return open(only)
    return at.flatMap((part) => {
      const found = childOf(part, key)
      return found ? open(found) : []
    })
  }

  return { root: open(schema), child }
}

/** Whether a text is wanted where a value of another type stands: nothing else fits, or the format says `as-written`. */
export function wantsText(at: Alternatives, value: unknown): boolean {
  if (at.some(({ format }) => format === 'as-written')) return true
  return at.some((part) => accepts(part, 'text')) && !at.some((part) => accepts(part, value))
}

/** The keys that a mapping may have at a place. */
export function knownKeys(at: Alternatives): string[] {
  return at.flatMap((part) => Object.keys(asSchema(part.properties) ?? {}))
}

function childOf(part: JsonSchema | undefined, key: string | number): JsonSchema | undefined {
  if (!part) return undefined
  if (typeof key === 'number') {
    if (part.type !== undefined && !includes(part.type, 'array')) return undefined
    return asSchema(asList(part.prefixItems)[key] ?? part.items) ?? {}
  }
  if (part.type !== undefined && !includes(part.type, 'object')) return undefined
  const properties = asSchema(part.properties)
  if (properties && Object.hasOwn(properties, key)) return asSchema(properties[key]) ?? {}
  for (const [pattern, value] of Object.entries(asSchema(part.patternProperties) ?? {}))
    if (new RegExp(pattern, 'u').test(key)) return asSchema(value) ?? {}
  return asSchema(part.additionalProperties) ?? {}
}

function accepts(part: JsonSchema, value: unknown): boolean {
  if (part.type !== undefined) return typesOf(value).some((type) => includes(part.type, type))
  const values = part.const !== undefined ? [part.const] : part.enum
  return Array.isArray(values) ? values.some((one) => typeof one === typeof value) : true
}

function typesOf(value: unknown): readonly string[] {
  if (value === null) return ['null']
  if (typeof value === 'number') return Number.isInteger(value) ? ['number', 'integer'] : ['number']
  return [typeof value]
}

/** `{ required: [...] }` alone says nothing about values. */
function isRequirement(part: JsonSchema): boolean {
  return Object.keys(part).every((key) => key === 'required')
}

function includes(types: Json | undefined, type: string): boolean {
  return Array.isArray(types) ? types.includes(type) : types === type
}

function asSchema(value: Json | undefined): JsonSchema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonSchema)
    : undefined
}

function asList(value: Json | undefined): readonly JsonSchema[] {
  return Array.isArray(value) ? (value as readonly JsonSchema[]) : []
}
