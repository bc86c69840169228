import type { FacedVerb } from '../../export/verb-faces.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import { isMapping, textOf } from '../input.ts'

const path = {
  type: 'string',
  minLength: 1,
  description: 'The file of the recipe, from the folder of this one.',
}

/** Runs the steps of another recipe in place. The run does it: a step cannot reach other steps. */
export const include: FacedVerb = {
  verb: 'include',
  faces: { explain: () => import('./explain.ts') },
  summary: 'Runs the steps of another recipe here, with inputs of its own.',
  schema: {
    description: 'The file of a recipe, or a mapping of path and with.',
    anyOf: [
      { type: 'string', minLength: 1 },
      {
        type: 'object',
        required: ['path'],
        additionalProperties: false,
        properties: {
          path,
          with: {
            type: 'object',
            propertyNames: { $ref: '#/$defs/name' },
            additionalProperties: {
              anyOf: [
                { type: ['string', 'number', 'boolean'], format: 'as-written' },
                { type: ['array', 'object'] },
              ],
            },
            description: "Values of the other recipe's inputs.",
          },
        },
      },
    ],
  },
  example: '- include: { path: _upload.yaml, with: { object: a.jpg } }\n',
  title: (input) => `include ${pathOf(input)}`,
  sets: () => [],
  reads: () => [{ name: 'token', path: [], use: 'wanted' }],
  untimed: true,
  includes: (input) => ({ path: pathOf(input), with: isMapping(input) ? (input.with ?? {}) : {} }),
  check(input, report) {
    if (pathOf(input).includes('${'))
      report(
        isMapping(input) ? ['path'] : [],
        'The path of an include is written out, since the file is read before the run.',
        'Include several files, each with a "when".',
      )
  },
  run: () => Promise.reject(new OsrunError('INTERNAL', phrase`An include was run as a step of its own.`)),
}

function pathOf(input: Json): string {
  return textOf(isMapping(input) ? input.path : input)
}
