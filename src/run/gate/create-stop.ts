import type { Stop } from '../../model/gate.ts'
import { toProblem } from '../../model/problem.ts'
import type { RecipeStep } from '../../model/recipe.ts'
import { ownValue } from '../../recipe/template/render-template.ts'
import { parseDataPath, valueAt } from '../../util/data-path.ts'
import { isTakenVariable, variableOfPath } from '../../util/environment-name.ts'
import { writeJson } from '../../util/parse-json.ts'
import { isSecretVariable, passwordOfUrl } from '../../util/secret-names.ts'
import type { Values } from '../recipe/values.ts'
import { scriptEnvironment } from '../script/script-environment.ts'
import type { RunParts } from '../step/run-parts.ts'
import { runStep } from '../step/run-step.ts'
import { taskOf } from '../step/task.ts'

/** What a stop is made of. */
type StopParts = Pick<Stop, 'step' | 'index' | 'recipe' | 'signal'> & {
  readonly parts: RunParts
  curl(): string | undefined
}

/** Makes the view of a run that stands still. */
export function createStop({ parts, curl, ...shown }: StopParts): Stop {
  const { masker } = parts
  const values = parts.values.over(new Map([['response', parts.values.get('response')]]))
  return {
    ...shown,
    get curl() {
      return curl()
    },
    mask: masker.mask,
    environment: () => environmentOf(parts, shown),
    names(path) {
      if (path === undefined) return [...values.names()].filter((name) => values.get(name) !== undefined)
      const value = values.lookup(parseDataPath(path) ?? [path])
      return typeof value === 'object' && value !== null ? Object.keys(value).map(masker.mask) : []
    },
    print(path) {
      const read = parseDataPath(path)
      if (read === undefined) return undefined
      // Nobody knows which variables of an environment are secret but by their names.
      if (read[0] === 'env' && (read.length !== 2 || isSecretVariable(String(read[1])))) return '***'
      const [name, ...rest] = read
      const value = ownValue(valueAt(values.get(String(name)), rest))
      if (value === undefined) return undefined
      // The password of a database or of a proxy stands in its URL.
      if (name === 'env' && passwordOfUrl(String(value)) !== undefined) return '***'
      return masker.mask(typeof value === 'string' ? value : (writeJson(value, 2) ?? String(value)))
    },
    async request(line, signal) {
      const at = { file: 'prompt', line: 1, column: 1, source: line }
      const verb = parts.verbs.find(({ traits }) => traits?.sendsRequest)
      if (verb === undefined) return
      const { timeout: _timeout, included: _included, roundOf: _roundOf, ...base } = shown.step
      const step: RecipeStep = {
        ...base,
        ...bare,
        id: 'prompt',
        verb: verb.verb,
        traits: { sendsRequest: true },
        input: line,
        at,
        locate: () => at,
      }
      try {
        await runStep({ ...parts, values }, taskOf(step, parts.verbs, 'main', signal))
      } catch (error) {
        parts.emit({ type: 'notice', level: 'warning', message: toProblem(error).message })
      }
    },
  }
}

function environmentOf(
  { masker, values, keeper, urlNames }: RunParts,
  { step: { at }, recipe }: Pick<Stop, 'step' | 'recipe'>,
): Readonly<Record<string, string>> {
  const tokens = new Set(keeper.tokens.map(({ request }) => request.variable))
  // A name that was set twice, as that of a renewed token, is known with both values, the last one at the end.
  const known = [...urlNames, ...masker.names()].filter(
    ({ variable, value }) => isFree(variable) && !value.includes('\0'),
  )
  return {
    ...readValues(recipe, values),
    ...scriptEnvironment('', values, { tokens, token: true, at }),
    ...Object.fromEntries(known.map(({ variable, value }) => [variable, value])),
  }
}

// A line that is shown before its step has run names by its path what is read of a mapping, as `$run_id` and `$token_user_id`.
function readValues({ reads }: Stop['recipe'], values: Values): Readonly<Record<string, string>> {
  return Object.fromEntries(
    reads.flatMap(({ path }) => {
      const variable = variableOfPath(path)
      const value = path.length < 2 || path[0] === 'env' ? undefined : ownValue(values.lookup(path))
      const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      return isText && isFree(variable) && !String(value).includes('\0') ? [[variable, String(value)]] : []
    }),
  )
}

// The cloud's own secrets go by the names of the variables that they have elsewhere.
function isFree(variable: string): boolean {
  return variable.startsWith('OS_') || !isTakenVariable(variable)
}

const bare = {
  name: undefined,
  note: undefined,
  defaulted: [],
  when: undefined,
  forEach: undefined,
  where: undefined,
  keepGoing: false,
  polling: undefined,
  retry: undefined,
  timeout: undefined,
  captures: [],
  allowFailure: true,
  defer: [],
} as const
