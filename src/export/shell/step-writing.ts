import type { Position } from '../../model/problem.ts'
import type { DataPath, Json, RecipeStep } from '../../model/recipe.ts'
import type { TemplateRead } from '../../recipe/template.ts'
import { cannotExport } from '../cannot-export.ts'
import { jqText } from '../jq/expectation.ts'
import type { Placeholder, Placeholders } from '../placeholder.ts'
import type { HelperName } from './helpers.ts'
import type { NameKind } from './names.ts'
import { variableOf } from './names.ts'
import type { WordPart } from './words.ts'
import { quoteText, shellWord } from './words.ts'

// In a trap bash takes a bare `return` for the status from before the trap.
const onFailure = 'return "$?"'

/** What the writing of one script shares. */
export type ScriptParts = {
  readonly placeholders: Placeholders
  readonly kinds: ReadonlyMap<string, NameKind>
  /** Variables that the script reads, so that only these are set. */
  readonly read: Set<string>
  readonly helpers: Set<HelperName>
  /** Functions that stand before the steps. */
  readonly functions: string[]
}

/** Writes the statements of one step. */
export type StepWriting = {
  readonly step: RecipeStep
  readonly parts: ScriptParts
  /** What ends the step when a statement fails: `exit`, or `return` within a function. */
  readonly stop: 'exit' | 'return'
  line(text: string): void
  /** A statement that ends the step when it fails. */
  must(statement: string): void
  need(...helpers: HelperName[]): void
  /** A shell word of a text that may hold placeholders; within a URL they are percent-encoded. */
  word(text: string, encoding?: 'text' | 'query' | 'form'): string
  /** A jq expression of a value that may hold placeholders; remembers what jq must find in its environment. */
  jq(value: Json): string
  /** `name="$name" ` for each value that jq reads since the last call. */
  environment(): string
  /** Whether a text holds a placeholder. */
  isSymbolic(value: Json): boolean
  /** A jq expression that gives the value at a path of the context, or nothing. */
  optional(path: DataPath, at: Position): string
}

/** Starts the statements of a step; they go to `lines`. */
export function writeStep(
  step: RecipeStep,
  parts: ScriptParts,
  stop: 'exit' | 'return',
  lines: string[],
): StepWriting {
  const environment = new Set<string>()
  const need = (...helpers: HelperName[]): void => {
    for (const helper of helpers) parts.helpers.add(helper)
  }
  const must = (statement: string): void =>
    void lines.push(`${statement} || ${stop === 'exit' ? 'exit' : onFailure}`)
  const values = { step, parts, need, must, lines, environment }
  const word: StepWriting['word'] = (text, encoding = 'text') =>
    shellWord(
      parts.placeholders
        .cut(text)
        .map((piece) => (typeof piece === 'string' ? piece : partOf(piece, encoding, values))),
    )
  return {
    step,
    parts,
    stop,
    need,
    must,
    word,
    line: (text) => void lines.push(text),
    jq: (value) => jqOf(value, values),
    environment() {
      const prefix = [...environment].map((name) => `${name}="$${name}" `).join('')
      environment.clear()
      return prefix
    },
    isSymbolic: (value) =>
      parts.placeholders.cut(JSON.stringify(value)).some((piece) => typeof piece !== 'string'),
    optional: (path, at) => optionalOf(path, at, values),
  }
}

type Values = Pick<StepWriting, 'step' | 'parts' | 'need' | 'must'> & {
  readonly lines: string[]
  readonly environment: Set<string>
}

function partOf(
  { read, form, at }: Placeholder,
  encoding: 'text' | 'query' | 'form',
  values: Values,
): WordPart {
  const text = textOf(read, at, values, form === 'value' && encoding !== 'text')
  const encoder =
    form === 'path'
      ? 'path'
      : form === 'component'
        ? 'component'
        : form === 'url' || encoding === 'text'
          ? undefined
          : encoding
  if (encoder === undefined) return { code: text }
  values.need(encoder)
  return { code: `$(${encoder} "${text}")` }
}

/** Code that gives the text of a read within double quotes. */
function textOf(read: TemplateRead, at: Position, values: Values, mustBeScalar = false): string {
  const source = sourceOf(read.path, at, values)
  const { must } = values
  let variable = source.variable
  if (source.json !== undefined && (source.variable === undefined || mustBeScalar || read.fallback)) {
    if (mustBeScalar) {
      values.need('scalar')
      must(`scalar ${quoteText(`\${${read.name}}`)} "$${source.json}"`)
    }
    if (read.fallback && source.variable !== undefined)
      values.lines.push(`[ "$${source.json}" != null ] || ${source.variable}=''`)
  }
  if (source.field !== undefined) {
    const helper = read.fallback || read.message !== undefined ? 'optional_field' : 'field'
    variable = hoisted(read.path)
    must(`${variable}=$(${fieldCall(helper, read.name, source.field, values)})`)
  }
  if (variable === undefined) throw cannotExport(`\${${read.name}} as text`, at)
  values.parts.read.add(variable)
  if (read.path[0] === 'env' && !read.fallback && read.message === undefined)
    must(`[ "\${${variable}+set}" ] || fail 3 ${quoteText(`\${${read.name}} has no value.`)}`)
  if (read.message !== undefined) {
    must(`[ -n "\${${variable}-}" ] || fail 3 ${quoteText(`${read.name}: ${read.message}`)}`)
    return `\${${variable}-}`
  }
  if (!read.fallback) return `$${variable}`
  const fallback = read.fallback.parts.map(
    (part): WordPart => (part.kind === 'text' ? part.text : { code: textOf(part, at, values) }),
  )
  values.lines.push(`_or=${shellWord(fallback)}`)
  const result = `${hoisted(read.path)}_or`
  values.lines.push(`${result}=\${${variable}:-"$_or"}`)
  return `$${result}`
}

type Source = {
  /** The variable that holds the text. */
  readonly variable?: string
  /** The variable that holds the JSON. */
  readonly json?: string
  /** Reads the field of a document: the words before and after the name of the helper that does. */
  readonly field?: { readonly before: string; readonly path: string; readonly after: string }
}

function sourceOf(path: DataPath, at: Position, values: Values): Source {
  const [first, ...rest] = path
  const name = String(first)
  const variable = variableOf(name)
  const inFile = (file: string, within: DataPath): Source => ({
    field: { before: '', path: JSON.stringify(within), after: ` <"$work/${file}.json"` },
  })
  if (name === 'env') return { variable: String(rest[0]) }
  if (name === 'run') return { variable: 'run_id' }
  if (name === 'catalog') return inFile('token', ['catalog', ...rest])
  if (name === 'response' && rest.length > 0) return inFile('response', rest)
  if (name === 'steps' && rest[1] === 'response' && rest.length > 2)
    return inFile(`step-${String(rest[0])}`, rest.slice(2))
  const kind = values.parts.kinds.get(name)
  if (kind === undefined) throw cannotExport(`\${${path.join('.')}}`, at)
  if (kind === 'file') return rest.length === 0 ? { variable } : inFile(variable, rest)
  if (rest.length > 0) {
    if (kind === 'text') throw cannotExport(`A field of "${name}", which is a text,`, at)
    const json = kind === 'both' ? `${variable}_json` : variable
    values.parts.read.add(json)
    return { field: { before: `printf '%s' "$${json}" | `, path: JSON.stringify(rest), after: '' } }
  }
  if (kind === 'both') values.parts.read.add(`${variable}_json`)
  return { variable, ...(kind !== 'text' && { json: kind === 'both' ? `${variable}_json` : variable }) }
}

function jqOf(value: Json, values: Values): string {
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
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item: Json) => jqOf(item, values)).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, item]) => `${jqText(key)}: ${jqOf(item as Json, values)}`)
    .join(', ')}}`
}

function envOf({ read, at }: Placeholder, values: Values): string {
  const code = textOf(read, at, values)
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
  if (source.json !== undefined) {
    values.environment.add(source.json)
    return `(env.${source.json} | fromjson)`
  }
  if (source.field === undefined) return envOf(placeholder, values)
  const variable = `${hoisted(read.path)}_json`
  values.must(`${variable}=$(${fieldCall('json_field', read.name, source.field, values)})`)
  values.environment.add(variable)
  return `(env.${variable} | fromjson)`
}

function optionalOf(path: DataPath, at: Position, values: Values): string {
  const source = sourceOf(path, at, values)
  if (source.field !== undefined) {
    const variable = `${hoisted(path)}_json`
    values.must(`${variable}=$(${fieldCall('at_path', path.join('.'), source.field, values)})`)
    values.environment.add(variable)
    return `(env.${variable} | select(. != "") | fromjson)`
  }
  const variable = source.json ?? source.variable ?? ''
  values.parts.read.add(variable)
  values.environment.add(variable)
  return source.json === undefined ? `(env.${variable} | values)` : `(env.${variable} | fromjson)`
}

function fieldCall(
  helper: 'field' | 'optional_field' | 'json_field' | 'at_path',
  name: string,
  { before, path, after }: NonNullable<Source['field']>,
  values: Values,
): string {
  values.need(helper)
  return `${before}${helper} ${quoteText(path)}${/^(optional|at)_/.test(helper) ? '' : ` ${quoteText(name)}`}${after}`
}

// `token.user.id` becomes _token_user_id, so that it is not taken for a name of the recipe.
function hoisted(path: DataPath): string {
  return `_${path.join('_').replaceAll(/\W/g, '_')}`
}
