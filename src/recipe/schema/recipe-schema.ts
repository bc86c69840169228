import type { JsonSchema, Verb } from '../../model/step.ts'
import { sharedDefinitions } from '../expectation/expectation-schema.ts'
import { defaultsSchema } from '../read/defaults.ts'
import { matrixSchema } from '../read/matrix.ts'
import { outputsSchema } from '../read/outputs.ts'
import { practiceSchema } from '../read/practice.ts'
import { quizSchema } from '../read/quiz.ts'
import { retrySchema } from '../read/retry.ts'

/** The JSON Schema (draft 2020-12) of the recipe language with these verbs, for validation and for editors. */
export function recipeSchema(verbs: readonly Verb[]): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'An osrun recipe',
    type: 'object',
    required: ['osrun', 'steps'],
    properties: {
      osrun: { const: 1, description: 'The version of the recipe language.' },
      name: { type: 'string', minLength: 1, description: 'What the recipe does, in a few words.' },
      description: { type: 'string', description: 'What the recipe is for; Markdown.' },
      tags: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        uniqueItems: true,
        description: 'Words to select recipes by.',
      },
      locks: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        uniqueItems: true,
        description: 'Names: of a suite no two recipes that share one run at the same time.',
      },
      inputs: {
        type: 'object',
        propertyNames: { $ref: '#/$defs/name' },
        additionalProperties: { $ref: '#/$defs/input' },
        description: 'What a caller may change: a name with a default, or with a JSON Schema.',
      },
      matrix: matrixSchema,
      defaults: defaultsSchema(verbs),
      steps: { $ref: '#/$defs/steps' },
      outputs: outputsSchema,
      practice: practiceSchema,
    },
    patternProperties: { '^x-': {} },
    additionalProperties: false,
    $defs: {
      ...sharedDefinitions,
      input: {
        title: 'a default value, or a JSON Schema',
        anyOf: [{ type: ['string', 'number', 'boolean', 'null'] }, { $ref: '#/$defs/json-schema-mapping' }],
      },
      steps: { type: 'array', minItems: 1, items: { $ref: '#/$defs/step' } },
      step: stepSchema(verbs),
      capture: captureSchema,
    },
  }
}

const serviceType: JsonSchema = { type: 'string', minLength: 1 }

/** The keys that any step may have. */
const list: JsonSchema = {
  anyOf: [{ $ref: '#/$defs/template' }, { type: 'array', items: { $ref: '#/$defs/json' } }],
}

const stepKeys: { readonly [key: string]: JsonSchema } = {
  id: { $ref: '#/$defs/name', description: 'The name by which later steps read this one: ${steps.ID}.' },
  name: { type: 'string', minLength: 1, description: 'What the step does, in a few words.' },
  note: { type: 'string', description: 'For people who learn; Markdown.' },
  quiz: quizSchema,
  when: {
    type: 'object',
    minProperties: 1,
    properties: {
      service: {
        title: 'a service type, or a list of them',
        anyOf: [serviceType, { type: 'array', items: serviceType, minItems: 1 }],
        description: 'Service types or aliases that are all to be in the catalog.',
      },
    },
    additionalProperties: { $ref: '#/$defs/expectation' },
    description: 'Paths of the context with what is to be there; else the step is skipped.',
  },
  'for-each': {
    title: 'a list, a template of one, or a mapping with in',
    anyOf: [
      list,
      {
        type: 'object',
        required: ['in'],
        additionalProperties: false,
        properties: {
          in: { ...list, description: 'A list, or a template of one.' },
          where: {
            type: 'object',
            minProperties: 1,
            additionalProperties: { $ref: '#/$defs/expectation' },
            description: 'Fields of an item with what is to be there; other items are passed over.',
          },
          'keep-going': {
            type: 'boolean',
            description: 'Each round is run, also after one that did not pass. Default: false.',
          },
        },
      },
    ],
    description: 'The step runs once for each item of the list, which is ${item}.',
  },
  until: {
    $ref: '#/$defs/assertion',
    description: 'The step is repeated until this holds, within its timeout: 1m unless given.',
  },
  every: {
    $ref: '#/$defs/duration',
    description: 'How long to wait before the step is repeated. Default: 2s.',
  },
  'fail-if': {
    $ref: '#/$defs/assertion',
    description: 'The step is not repeated but fails when this holds.',
  },
  retry: retrySchema,
  timeout: {
    $ref: '#/$defs/duration',
    description: 'How long the step may take; with for-each, each round of it.',
  },
  capture: {
    type: 'object',
    propertyNames: { $ref: '#/$defs/name' },
    additionalProperties: { $ref: '#/$defs/capture' },
    description: 'Names for parts of the answer.',
  },
  'allow-failure': { type: 'boolean', description: 'The recipe goes on when this step fails.' },
  defer: {
    $ref: '#/$defs/steps',
    description: 'Steps that run at the end, whatever happens, once this step has succeeded.',
  },
}

const captureSource: JsonSchema = {
  type: 'string',
  pattern: '^(\\$.*|headers\\.[A-Za-z0-9!#$%&*+.^_`|~-]+|status|body)$',
  title: 'a JSONPath such as $.server.id, headers.NAME, status or body',
}

const captureSchema: JsonSchema = {
  title: 'a JSONPath, headers.NAME, status, body, or a mapping of from, pattern and secret',
  anyOf: [
    captureSource,
    {
      type: 'object',
      properties: {
        from: captureSource,
        pattern: { type: 'string', format: 'regex' },
        secret: { type: 'boolean', description: 'Never show the value.' },
      },
      required: ['from'],
      additionalProperties: false,
    },
  ],
}

function stepSchema(verbs: readonly Verb[]): JsonSchema {
  const values = verbs.map((verb): [string, JsonSchema] => [
    verb.verb,
    { ...verb.schema, description: verb.schema.description ?? verb.summary },
  ])
  return {
    type: 'object',
    description: 'One step: exactly one verb.',
    properties: { ...Object.fromEntries(values), ...stepKeys },
    patternProperties: { '^x-': {} },
    additionalProperties: false,
    dependentRequired: { every: ['until'], 'fail-if': ['until'] },
    oneOf: verbs.map((verb) => ({ required: [verb.verb] })),
  }
}
