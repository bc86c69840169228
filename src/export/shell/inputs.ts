import type { Json, Recipe, RecipeInput } from '../../model/recipe.ts'
import { fromFolder } from '../../recipe/choose/file-inputs.ts'
import { jsonText } from '../../util/parse-json.ts'
import { cannotExport } from '../cannot-export.ts'
import { toJqDifferences } from '../jq/schema.ts'
import { variableOf } from './values/variable-names.ts'
import { comment, quoteProgram, quoteText } from './values/words.ts'
import type { ScriptParts } from './writing.ts'

/** The inputs of a recipe at the top of its script, and what checks the values that were given. */
export function writeInputs(
  recipe: Recipe,
  parts: ScriptParts,
): { readonly values: readonly string[]; readonly checks: readonly string[] } {
  if (recipe.inputs.length === 0) return { values: [], checks: [] }
  const checked = recipe.inputs.map((input) => ({ input, checks: checkOf(input, parts) }))
  const checks = checked.flatMap((one) => one.checks)
  const used = checked
    .filter(({ input, checks: own }) => own.length > 0 || parts.read.has(variableOf(input.name)))
    .map(({ input }) => input)
  const values = used.flatMap((input) => [assignmentOf(input, recipe), ...absoluteOf(input)])
  const secrets = used
    .filter(({ secret }) => secret)
    .map(({ name }) => `printf '%s' "$${variableOf(name)}" | jq -Rs . >>"$work/secrets"`)
  return {
    values:
      values.length === 0
        ? []
        : [['# --- Inputs: change them here, or run this as NAME=value sh SCRIPT ---', ...values].join('\n')],
    checks: [...checks, ...(secrets.length > 0 ? [secrets.join('\n')] : [])],
  }
}

// A path that is given starts from the current folder.
function absoluteOf({ name, schema }: RecipeInput): readonly string[] {
  if (schema.format !== 'path') return []
  const variable = variableOf(name)
  return [`case $${variable} in /* | '') ;; *) ${variable}=$PWD/$${variable} ;; esac`]
}

function assignmentOf(input: RecipeInput, { directory }: Recipe): string {
  const { name, description, default: own, secret } = input
  const value = own === undefined ? undefined : fromFolder(own, input, directory)
  const variable = variableOf(name)
  const lead = description === undefined ? '' : `${comment(description)}\n`
  if (value === undefined || (secret && value !== ''))
    return `${lead}[ -n "\${${variable}-}" ] || { echo ${quoteText(`The input "${name}" has no value: run this as ${variable}=... sh SCRIPT.`)} >&2; exit 1; }`
  const text = typeof value === 'string' ? value : jsonText(value)
  return `${lead}${variable}=\${${variable}-${text === '' ? '' : quoteText(text)}}`
}

// As `resolveInputs` takes the text of a command line for what the schema wants, and checks it.
function checkOf(input: RecipeInput, parts: ScriptParts): readonly string[] {
  const { schema, name, secret } = input
  const {
    description: _description,
    default: _default,
    writeOnly: _writeOnly,
    title: _title,
    format: _format,
    ...rest
  } = schema
  const types = [schema.type]
    .flat()
    .filter((type) => type !== undefined)
    .map(String)
  const isText = types.length === 0 || types.includes('string')
  if (isText && input.default !== undefined && typeof input.default !== 'string')
    throw cannotExport(`The input "${name}", whose default is no text though its value may be,`, input.at)
  if (isText && Object.keys(rest).every((key) => key === 'type')) return []
  const variable = variableOf(name)
  parts.helpers.add('definitions')
  const value = isText ? 'env.value' : '(env.value | fromjson? // env.value)'
  const found = secret ? '"something else"' : '.found'
  const program = `\n${value} | [fits(${toJqDifferences(rest as Json, (one) => jsonText(one), input.at)})][0] // empty\n  | "The input \\"${name}\\"\\(.path) must be \\(.expected); found \\(${found})."`
  return [
    `_problem=$(value="$${variable}" jq -nr "$jq_definitions"${quoteProgram(program)})`,
    `[ ! "$_problem" ] || { fail 1 "$_problem"; exit 1; }`,
  ]
}
