import type { Position } from '../../../model/problem.ts'
import type { DataPath, Json } from '../../../model/recipe.ts'
import { jsonText } from '../../../util/parse-json.ts'
import { cannotExport } from '../../cannot-export.ts'
import { jqText } from '../../jq/expectation.ts'
import type { Placeholder } from '../../placeholder.ts'
import { textOf } from './read-text.ts'
import type { Values } from './sources.ts'
import { checkIsSet, fieldCall, hoisted, sourceOf } from './sources.ts'
import { quoteText } from './words.ts'

/** A jq expression of a value that may hold placeholders. */
export function jqOf(value: Json, values: Values): string {
  if (typeof value === 'string') {
    const pieces = values.parts.placeholders.cut(value)
    const [first] = pieces
    if (pieces.length === 1 && typeof first === 'object' && first.form === 'value')
      return typedOf(first, values)
    const written = pieces.map((piece) => (typeof piece === 'string' ? jqText(piece) : envOf(piece, values)))
    return written.length === 0
      ? '""'
      : written.length === 1
        ? (written[0] ?? '')
        : `(${written.join(' + ')})`
  }
  if (typeof value !== 'object' || value === null) return jsonText(value)
  if (Array.isArray(value)) return `[${value.map((item: Json) => jqOf(item, values)).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, item]) => `${jqText(key)}: ${jqOf(item as Json, values)}`)
    .join(', ')}}`
}

function envOf({ read, form, at }: Placeholder, values: Values): string {
  const code = textOf(read, at, values, form === 'filled')
  const name = /^\$\{?(\w+)/.exec(code)?.[1] ?? ''
  values.environment.add(name)
  return `env.${name}`
}

function typedOf(placeholder: Placeholder, values: Values): string {
  const { read, at } = placeholder
  const source = sourceOf(read.path, at, values)
  if (read.fallback || read.message !== undefined) {
    if (source.json !== undefined || source.field !== undefined)
      throw cannotExport(`A default for \${${read.name}}, whose type is known only at run time,`, at)
    return envOf(placeholder, values)
  }
  checkIsSet(read.name, source, values)
  if (source.json !== undefined) {
    values.parts.read.add(source.json)
    // What is captured has been looked at.
    if (source.json === source.variable && values.parts.kinds.get(String(read.path[0])) === 'json') {
      values.need('exact')
      values.must(`exact ${quoteText(`\${${read.name}}`)} "$${source.json}"`)
    }
    values.environment.add(source.json)
    return `(env.${source.json} | fromjson)`
  }
  if (source.field === undefined) return envOf(placeholder, values)
  const variable = `${hoisted(read.path)}_json`
  values.must(`${variable}=$(${fieldCall('json_field', read.name, source.field, values)})`)
  values.environment.add(variable)
  return `(env.${variable} | fromjson)`
}

/** A jq expression that gives the value at a path of the context, or nothing. */
export function optionalOf(path: DataPath, at: Position, values: Values): string {
  const source = sourceOf(path, at, values)
  if (source.field !== undefined) {
    const variable = `${hoisted(path)}_json`
    values.must(`${variable}=$(${fieldCall('at_path', path.join('.'), source.field, values)})`)
    values.environment.add(variable)
    return `(env.${variable} | select(. != "") | fromjson)`
  }
  // What the environment of the script has, jq has too; and it may have no such variable.
  if (path[0] === 'env') return `(env.${source.variable} | values)`
  const variable = source.json ?? source.mark ?? source.variable ?? ''
  values.parts.read.add(variable)
  values.environment.add(variable)
  const there = source.mark === undefined ? 'values' : 'select(. != "")'
  return variable === source.variable && source.json === undefined
    ? `(env.${variable} | ${there})`
    : `(env.${variable} | ${there} | fromjson)`
}
