import type { Position } from '../../../model/problem.ts'
import { OsrunError } from '../../../model/problem.ts'
import type { Recipe, RecipeInput, RecipeStep } from '../../../model/recipe.ts'
import { variableOf } from '../../../util/environment-name.ts'

export { variableOf }

/**
 * What a name of the recipe is in the script: a variable with text, a variable with JSON, two variables with both, or a
 * variable with the own text of something whose fields are in a file.
 */
export type NameKind = 'text' | 'json' | 'both' | 'file'

/** The names that a step's verb sets. */
export type SetBy = (step: RecipeStep) => Readonly<Record<string, NameKind>>

/** Finds the kind of every name, and refuses what a shell cannot tell apart. */
export function nameKinds(recipe: Recipe, setBy: SetBy): ReadonlyMap<string, NameKind> {
  const kinds = new Map<string, NameKind>()
  const owners = new Map<string, string>()
  const add = (name: string, kind: NameKind, at: Position): void => {
    const variable = variableOf(name)
    const owner = owners.get(variable)
    if (taken.test(variable))
      throw refused(`"${name}" would be $${variable}, which means something else to a shell.`, at)
    if (owner !== undefined && (owner !== name || kinds.get(name) !== kind))
      throw refused(
        `"${name}" and ${owner === name ? 'an earlier one' : `"${owner}"`} would both be $${variable}.`,
        at,
      )
    owners.set(variable, name)
    kinds.set(name, kind)
  }
  for (const input of recipe.inputs) add(input.name, inputKind(input), input.at)
  const visit = (step: RecipeStep): void => {
    for (const [name, kind] of Object.entries(setBy(step))) add(name, kind, step.at)
    for (const { name, from, pattern, at } of step.captures)
      add(
        name,
        pattern === undefined && from.startsWith('$') ? 'both' : from === 'status' ? 'json' : 'text',
        at,
      )
    step.defer.forEach(visit)
  }
  recipe.steps.forEach(visit)
  for (const [name, variable] of recipe.reads.map(({ path }) => path.map(String)))
    if (name === 'env' && variable !== undefined && owners.has(variable))
      throw refused(
        `\${env.${variable}} and "${owners.get(variable)}" would both be $${variable}.`,
        recipe.inputs[0]?.at,
      )
  return kinds
}

// Digits, lists and mappings stand in a variable as JSON; a text as it is.
function inputKind({ schema, default: value }: RecipeInput): NameKind {
  const types = [schema.type].flat()
  const isText = schema.type === undefined || types.includes('string')
  return isText && (value === undefined || typeof value === 'string') ? 'text' : 'json'
}

function refused(message: string, at: Position | undefined): OsrunError {
  return new OsrunError('EXPORT_IMPOSSIBLE', message, { at, hint: 'Give the input or capture another name.' })
}

const taken =
  /^(_.*|work|run_id|.*_json|PATH|IFS|HOME|PS[0-9]|ENV|BASH.*|OPT(IND|ARG|ERR)|P?PID|UID|EUID|PWD|OLDPWD|CDPATH|LINENO|RANDOM|SECONDS|SHELL.*|LANG|LC_.*|TMPDIR|TZ|TERM|CURL_.*|JQ_.*|SSL.*|OS_.*|(https?|all|no)_proxy|(HTTPS?|ALL|NO)_PROXY|jq_.*)$/
