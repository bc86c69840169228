import type { DataPath, Json } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import { checkJsonPath } from '../template/json-path.ts'
import { statusExpectation } from './status-expectation.ts'

const expectation = { $ref: '#/$defs/expectation' }
const expectations = { type: 'object', minProperties: 1, additionalProperties: expectation }

/** What may be said of an answer: the value of `assert`, `until` and `fail-if`. */
export const assertionSchema: JsonSchema = {
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  properties: {
    of: {
      type: 'string',
      minLength: 1,
      description: 'The id of the step whose answer is meant. Default: the last answer.',
    },
    status: { ...statusExpectation, description: 'The status code.' },
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
}

/** The names that an assertion reads besides those in its templates: the answer, and paths of the context. */
export function assertionReads(assertion: Json): { readonly name: string; readonly path: DataPath }[] {
  if (!isMapping(assertion)) return []
  const reads: { name: string; path: DataPath }[] = []
  const isOf = typeof assertion.of === 'string'
  if (isOf) reads.push({ name: `steps.${assertion.of}`, path: ['of'] })
  else if (Object.keys(assertion).some((key) => key !== 'context')) reads.push({ name: 'response', path: [] })
  // What a script finds out for those alone who read it.
  for (const hash of ['md5', 'sha256'])
    if (hash in assertion)
      reads.push({ name: isOf ? `steps.${assertion.of}.response.${hash}` : `response.${hash}`, path: [hash] })
  for (const name of Object.keys(isMapping(assertion.context) ? assertion.context : {}))
    reads.push({ name, path: ['context', name] })
  return reads
}

/** Tells of the JSONPath queries of an assertion that are none. */
export function checkAssertion(assertion: Json, report: (path: DataPath, message: string) => void): void {
  if (!isMapping(assertion) || !isMapping(assertion.json)) return
  for (const query of Object.keys(assertion.json)) {
    const problem = checkJsonPath(query)
    if (problem !== undefined) report(['json', query], `"${query}" is no JSONPath: ${problem}`)
  }
}

function isMapping(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
