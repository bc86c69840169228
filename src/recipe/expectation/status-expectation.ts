import type { JsonSchema } from '../../model/step.ts'

const status = {
  anyOf: [{ type: 'integer', minimum: 100, maximum: 599 }, { $ref: '#/$defs/template' }],
}

/** What an answer's status may be: one, a list, or a JSON Schema; a text such as `2xx`, which no status is, is refused. */
export const statusExpectation: JsonSchema = {
  title: 'a status from 100 to 599, a list of them, or a JSON Schema',
  anyOf: [
    ...status.anyOf,
    { type: 'array', items: status, minItems: 1 },
    { $ref: '#/$defs/json-schema-mapping' },
  ],
}
