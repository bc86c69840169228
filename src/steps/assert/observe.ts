import type { Mismatch } from '../../model/event.ts'
import { OsrunError } from '../../model/problem.ts'
import type { DataPath, Json, RecipeStep } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import { compileExpectation } from '../../recipe/expectation/expectation.ts'
import { queryJson } from '../../recipe/template/json-path.ts'
import { parseDuration } from '../../util/duration.ts'
import { isMapping, textOf } from '../input.ts'

/** One thing that an assertion looks at, and how it differs from what is expected. */
export type Observation = {
  /** As in a mismatch: `status`, `headers.etag`, `$.token.user.name`. */
  readonly subject: string
  /** Where the assertion speaks of it. */
  readonly path: DataPath
  /** As the recipe has it, its templates rendered. */
  readonly expected: unknown
  /** Undefined where nothing is. */
  readonly found: unknown
  /** None when all is as expected. */
  readonly mismatches: readonly Mismatch[]
}

/**
 * Looks at an answer, and at the context, as the assertion says that is the step's input.
 * Throws `VALUE_MISSING` when there is no answer.
 */
export function observe(step: RecipeStep, context: StepContext): readonly Observation[] {
  const input = isMapping(step.input) ? step.input : {}
  const observations: Observation[] = []
  const look = (subject: string, path: DataPath, wanted: unknown, found: unknown): void => {
    const expected = context.render(wanted as Json, path)
    const mismatches = compileExpectation(expected)(found).map((miss) => ({
      subject: `${subject}${miss.path}`,
      expected: miss.expected,
      found: miss.found,
      at: context.locate(path),
    }))
    observations.push({ subject, path, expected, found, mismatches })
  }
  const response = Object.keys(input).some((key) => key !== 'context' && key !== 'of')
    ? answerOf(input, step, context)
    : {}
  for (const key of ['status', 'size', 'md5', 'sha256', 'body'])
    if (input[key] !== undefined) look(key, [key], input[key], response[key])
  if (input.schema !== undefined) look('$', ['schema'], input.schema, response.json)
  for (const [name, expected] of Object.entries(isMapping(input.headers) ? input.headers : {})) {
    const headers = isMapping(response.headers) ? response.headers : {}
    look(`headers.${name}`, ['headers', name], expected, headers[name.toLowerCase()])
  }
  for (const [query, expected] of Object.entries(isMapping(input.json) ? input.json : {})) {
    const { singular, nodes } = queryJson(response.json, query)
    look(query, ['json', query], expected, singular ? nodes[0] : nodes)
  }
  if (input.duration !== undefined)
    observations.push(tookAtMost(input.duration as Json, Number(response.duration), context))
  for (const [name, expected] of Object.entries(isMapping(input.context) ? input.context : {}))
    look(name, ['context', name], expected, ownValue(context.lookup(name)))
  return observations
}

function tookAtMost(duration: Json, took: number, context: StepContext): Observation {
  const path = ['duration']
  const most = parseDuration(context.renderText(duration, path)) ?? 0
  const expected = `at most ${most} ms`
  const found = `${Math.round(took)} ms`
  const mismatch: Mismatch = { subject: 'duration', expected, found, at: context.locate(path) }
  return { subject: 'duration', path, expected, found, mismatches: took > most ? [mismatch] : [] }
}

function answerOf(
  input: Record<string, unknown>,
  step: RecipeStep,
  context: StepContext,
): Record<string, unknown> {
  const of = input.of === undefined ? undefined : textOf(input.of)
  const response = context.lookup(of === undefined ? 'response' : `steps.${of}.response`)
  if (isMapping(response)) return response
  throw new OsrunError(
    'VALUE_MISSING',
    of === undefined ? 'There is no answer to compare.' : `Step "${of}" has no answer.`,
    {
      at: step.at,
    },
  )
}

// A token or an endpoint is compared by its own text, as in a template.
function ownValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const [own] = Object.getOwnPropertySymbols(value)
  return own === undefined ? value : (value as Record<symbol, unknown>)[own]
}
