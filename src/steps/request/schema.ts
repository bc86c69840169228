import type { JsonSchema } from '../../model/step.ts'
import { statusExpectation } from '../../recipe/expectation/status-expectation.ts'

// It becomes text: `2.90` and `0123` must not lose a digit on the way.
const scalar = { type: ['string', 'number', 'boolean'], format: 'as-written' }

const part = {
  type: 'object',
  additionalProperties: false,
  properties: {
    text: scalar,
    file: { type: 'string', minLength: 1 },
    filename: { type: 'string', minLength: 1 },
    type: { type: 'string', minLength: 1 },
  },
}

/** The keys that give a body; a request has one of them. */
const bodies = ['json', 'form', 'multipart', 'body', 'file']

/** The JSON Schema of a microversion: digits stay as they are written. */
export const microversionSchema: JsonSchema = { type: ['string', 'number'], format: 'as-written' }

/** Names and values of headers. */
export const headersSchema: JsonSchema = { type: 'object', additionalProperties: scalar }

/** What may follow `request:`. */
export const requestSchema: JsonSchema = {
  description: '`METHOD url`, or a mapping.',
  anyOf: [
    { type: 'string', minLength: 1 },
    {
      type: 'object',
      required: ['url'],
      additionalProperties: false,
      properties: {
        method: {
          type: 'string',
          pattern: '^[A-Za-z]+$',
          description: 'Default: GET, or the word before the URL.',
        },
        url: {
          type: 'string',
          minLength: 1,
          description: 'Absolute, or relative to `${endpoint}`. Values in its path are percent-encoded.',
        },
        query: {
          type: 'object',
          additionalProperties: { anyOf: [scalar, { type: 'array', items: scalar }] },
          description: 'Names and values after the `?`; wholly percent-encoded; a list repeats the name.',
        },
        headers: { ...headersSchema, description: 'Sent as written here.' },
        json: { $ref: '#/$defs/json', description: 'The body, as JSON.' },
        form: {
          type: 'object',
          additionalProperties: { anyOf: [scalar, { type: 'array', items: scalar }] },
          description: 'The body, as a form.',
        },
        multipart: {
          type: 'object',
          minProperties: 1,
          propertyNames: { pattern: '^[^=]+$' },
          additionalProperties: {
            anyOf: [scalar, part, { type: 'array', items: { anyOf: [scalar, part] } }],
          },
          description:
            'The body, as a multipart form: texts, or `{ file, filename, type }`, streamed; a list repeats the name.',
        },
        body: { type: 'string', description: 'The body, as text.' },
        file: {
          type: 'string',
          minLength: 1,
          description: "The body: a file, streamed. From the recipe's folder.",
        },
        'save-to': {
          type: 'string',
          minLength: 1,
          description:
            "Where the body of a 2xx answer is written, streamed and hashed. From the recipe's folder.",
        },
        expect: { ...statusExpectation, description: 'The statuses that are right. Default: below 400.' },
        token: {
          type: 'boolean',
          description:
            'Send the token (true: also outside of the catalog, where --allow-origin allows it). Default: to origins of the catalog.',
        },
        redirect: { type: 'boolean', description: 'Follow redirects. Default: true.' },
        'all-pages': {
          title: 'true, or the path of the list such as servers',
          anyOf: [{ type: 'boolean' }, { type: 'string', minLength: 1 }],
          description:
            'Ask for every page of a list, and make one answer of them. A path where the body has several lists: `servers`.',
        },
        microversion: {
          ...microversionSchema,
          description:
            'A version of the API such as `2.90`, or `latest`; `compute 2.90` where the URL does not start from an endpoint.',
        },
      },
      dependentSchemas: Object.fromEntries(
        bodies.map((key) => [
          key,
          {
            properties: Object.fromEntries(
              bodies.flatMap((other) => (other === key ? [] : [[other, false]])),
            ),
          },
        ]),
      ),
    },
  ],
}
