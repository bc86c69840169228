import type { Mismatch } from '../model/event.ts'
import { OsrunError } from '../model/problem.ts'
import type { DataPath, Json, RecipeStep } from '../model/recipe.ts'
import type { StepContext, Verb } from '../model/step.ts'
import { compileExpectation } from '../recipe/expectation.ts'
import { checkJsonPath, queryJson } from '../recipe/json-path.ts'
import { parseDuration } from '../util/duration.ts'
import { isMapping, textOf } from './input.ts'

const expectation = { $ref: '#/$defs/expectation' }
const expectations = { type: 'object', minProperties: 1, additionalProperties: expectation }

/** Compares an answer, and the context, with what the recipe expects; reports every difference. */
export const assert: Verb = {
  verb: 'assert',
  summary: 'Compares the answer with expectations and reports every difference.',
  schema: {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: {
      of: {
        type: 'string',
        minLength: 1,
        description: 'The id of the step whose answer is meant. Default: the last answer.',
      },
      status: { ...expectation, description: 'The status code.' },
      headers: { ...expectations, description: 'Header names, in any case, with what their text is to be.' },
      json: { ...expectations, description: 'JSONPath queries (RFC 9535) with what they are to find.' },
      body: { ...expectation, description: 'The whole body as text.' },
      schema: { ...expectation, description: 'A JSON Schema of the whole JSON body.' },
      duration: { $ref: '#/$defs/duration', description: 'The longest time the answer may have taken.' },
      size: { ...expectation, description: 'Bytes of the body.' },
      md5: { ...expectation, description: 'MD5 of the body, lower-case hex.' },
      sha256: { ...expectation, description: 'SHA-256 of the body, lower-case hex.' },
      context: {
        ...expectations,
        description: 'Paths of the context, such as `token.project.name`, with what is to be there.',
      },
    },
  },
  example: '- assert:\n    status: 200\n    headers:\n      content-type: image/jpeg\n',
  title: (input) =>
    `assert ${
      isMapping(input)
        ? Object.keys(input)
            .filter((key) => key !== 'of')
            .join(', ')
        : ''
    }`.trim(),
  sets: () => [],
  reads(input) {
    if (!isMapping(input)) return []
    const reads: { name: string; path: DataPath }[] = []
    if (typeof input.of === 'string') reads.push({ name: `steps.${input.of}`, path: ['of'] })
    else if (Object.keys(input).some((key) => key !== 'context')) reads.push({ name: 'response', path: [] })
    for (const name of Object.keys(isMapping(input.context) ? input.context : {}))
      reads.push({ name, path: ['context', name] })
    return reads
  },
  check(input, report) {
    if (!isMapping(input)) return
    for (const query of Object.keys(isMapping(input.json) ? input.json : {})) {
      const problem = checkJsonPath(query)
      if (problem !== undefined) report(['json', query], `"${query}" is no JSONPath: ${problem}`)
    }
  },
  async run(step, context) {
    context.fail(compare(step, context))
  },
}

function compare(step: RecipeStep, context: StepContext): readonly Mismatch[] {
  const input = isMapping(step.input) ? step.input : {}
  const mismatches: Mismatch[] = []
  const expect = (subject: string, path: DataPath, expected: unknown, found: unknown): void => {
    const rendered = context.render(expected as Json, path) as Json
    for (const miss of compileExpectation(rendered)(found))
      mismatches.push({
        subject: `${subject}${miss.path}`,
        expected: miss.expected,
        found: miss.found,
        at: context.locate(path),
      })
  }
  const response = Object.keys(input).some((key) => key !== 'context' && key !== 'of')
    ? answerOf(input, step, context)
    : {}
  for (const key of ['status', 'size', 'md5', 'sha256'])
    if (input[key] !== undefined) expect(key, [key], input[key], response[key])
  if (input.body !== undefined) expect('body', ['body'], input.body, response.body)
  if (input.schema !== undefined) expect('$', ['schema'], input.schema, response.json)
  for (const [name, expected] of Object.entries(isMapping(input.headers) ? input.headers : {})) {
    const headers = isMapping(response.headers) ? response.headers : {}
    expect(`headers.${name}`, ['headers', name], expected, headers[name.toLowerCase()])
  }
  for (const [query, expected] of Object.entries(isMapping(input.json) ? input.json : {})) {
    const { singular, nodes } = queryJson(response.json, query)
    expect(query, ['json', query], expected, singular ? nodes[0] : nodes)
  }
  if (input.duration !== undefined) {
    const most = parseDuration(context.renderText(input.duration as Json, ['duration'])) ?? 0
    const took = Number(response.duration)
    if (took > most)
      mismatches.push({
        subject: 'duration',
        expected: `at most ${most} ms`,
        found: `${Math.round(took)} ms`,
        at: context.locate(['duration']),
      })
  }
  for (const [name, expected] of Object.entries(isMapping(input.context) ? input.context : {}))
    expect(name, ['context', name], expected, ownValue(context.lookup(name)))
  return mismatches
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
