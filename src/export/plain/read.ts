import type { Position } from '../../model/problem.ts'
import type { DataPath } from '../../model/recipe.ts'
import { jqMember } from '../../recipe/template/jq-path.ts'
import { percentEncode } from '../../recipe/template/render-template.ts'
import { variableOf } from '../../util/environment-name.ts'
import type { Placeholder, PlaceholderForm, Placeholders } from '../placeholder.ts'
import { quoteText } from '../shell/values/words.ts'
import { notPlain } from './not-plain.ts'
import type { PlainState } from './state.ts'

/** The code that gives the value of a read within double quotes: `$name`, or a call of jq. */
export function readOf(placeholder: Placeholder, state: PlainState): string {
  const { read, form, at } = placeholder
  const [first, ...rest] = read.path
  const name = String(first)
  if (read.message !== undefined) throw notPlain(`\${${read.name}} with a message`, at)
  if (name === 'env') return environmentRead(placeholder, state)
  if (name === 'run') return rest[0] === 'keystone' ? '$keystone' : '$run_id'
  if (read.fallback !== undefined) throw notPlain(`\${${read.name}} with a default`, at)
  const variable = variableOf(name)
  const kind = state.kinds.get(variable)
  if (rest.length === 0 && kind !== undefined) return encodedRead(placeholder, variable, state)
  if (kind === 'file' && state.tokens.has(variable)) return tokenField(placeholder, variable)
  if (name === 'endpoint' && rest.join() === 'url') return '$endpoint'
  if (name === 'response' && rest[0] === 'json' && rest.length > 1)
    return fieldOf(state.body, rest.slice(1), form)
  // Those of the cloud's credentials have no name in the recipe.
  if (/^OS_[A-Z_]+$/.test(name)) {
    state.needed.add(name)
    return `$${name}`
  }
  throw notPlain(`\${${read.name}}`, at)
}

function environmentRead({ read, at }: Placeholder, state: PlainState): string {
  const variable = String(read.path[1])
  const { fallback } = read
  if (fallback === undefined) {
    state.needed.add(variable)
    return `$${variable}`
  }
  const text = fallback.parts.map((part) => {
    if (part.kind === 'read') throw notPlain(`\${${read.name}} with a default that is read`, at)
    return part.text
  })
  return `\${${variable}:-${quoteText(text.join(''))}}`
}

// What osrun itself says of a token, and is not in the body that the cloud sends.
function tokenField({ read, form, at }: Placeholder, variable: string): string {
  const rest = read.path.slice(1)
  if (rest.join() === 'identity_url') return '$keystone'
  if (rest.join() === 'id') return `$${variable}`
  if (/^(life|clock_skew|issue_skew)$/.test(rest.join())) throw notPlain(`\${${read.name}}`, at)
  return fieldOf(`${variable}.json`, ['token', ...rest], form)
}

// A value that is alone keeps its type as JSON.
function fieldOf(file: string, path: DataPath, form: PlaceholderForm): string {
  const filter = path.map((key) => (typeof key === 'number' ? `[${key}]` : jqMember(key))).join('')
  const program = `${filter.startsWith('[') ? '.' : ''}${filter}`.replaceAll("'", '\\u0027')
  return `$(jq ${form === 'value' ? '-c' : '-r'} '${program}' "$work/${file}")`
}

// What stands in a URL is encoded where the input's own value needs that; ids and names seldom do.
function encodedRead({ read, form }: Placeholder, variable: string, state: PlainState): string {
  const value = state.recipe.inputs.find(({ name }) => name === read.name)?.default
  if ((form !== 'path' && form !== 'component') || typeof value !== 'string') return `$${variable}`
  if (percentEncode(value, form === 'path') === value) return `$${variable}`
  const slashes = form === 'path' ? ' | gsub("%2F"; "/")' : ''
  const encoded = `${variable}_${form === 'path' ? 'path' : 'query'}`
  state.encoded.set(encoded, `$(printf %s "$${variable}" | jq -Rr '@uri${slashes}')`)
  return `$${encoded}`
}

/** A placeholder of Keystone's URL, as the script has it: `$keystone`. */
export function keystoneUrl({ placeholders }: PlainState, at: Position): string {
  return ownRead(placeholders, ['run', 'keystone'], 'url', at)
}

/** A placeholder of a token by its name. */
export function tokenText({ placeholders }: PlainState, name: string, at: Position): string {
  return ownRead(placeholders, [name], 'text', at)
}

function ownRead(
  placeholders: Placeholders,
  path: readonly string[],
  form: PlaceholderForm,
  at: Position,
): string {
  return placeholders.add({
    read: { kind: 'read', path, name: path.join('.'), offset: 0, length: 0 },
    form,
    at,
  })
}
