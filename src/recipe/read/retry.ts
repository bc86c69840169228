import type { Json, RetryPolicy } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import { parseDuration } from '../../util/duration.ts'

const times: JsonSchema = { type: 'integer', minimum: 1, maximum: 100 }

/** What may follow `retry:`. */
export const retrySchema: JsonSchema = {
  title: 'a number, or a mapping of times, on, methods, delay and max-delay',
  description: 'Requests that met a passing trouble are sent again, so many times.',
  anyOf: [
    times,
    {
      type: 'object',
      minProperties: 1,
      additionalProperties: false,
      properties: {
        times: { ...times, description: 'How often a request is sent again at most. Default: 3.' },
        on: {
          type: 'array',
          minItems: 1,
          uniqueItems: true,
          items: { anyOf: [{ type: 'integer', minimum: 400, maximum: 599 }, { const: 'connection' }] },
          description:
            'Statuses, and `connection` for no answer at all. Default: connection, 429, 502, 503, 504.',
        },
        methods: {
          type: 'array',
          minItems: 1,
          uniqueItems: true,
          items: { enum: ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'COPY', 'POST', 'PATCH'] },
          description: 'The methods that may be repeated. Default: all but POST and PATCH.',
        },
        delay: {
          $ref: '#/$defs/duration',
          description: 'The longest first wait; it doubles each time. Default: 500ms.',
        },
        'max-delay': { $ref: '#/$defs/duration', description: 'The longest wait. Default: 30s.' },
      },
    },
  ],
}

/** Reads the value of `retry`, which has passed the schema. */
export function readRetry(value: Json): RetryPolicy {
  const given = typeof value === 'number' ? { times: value } : (value as { readonly [key: string]: Json })
  return {
    times: Number(given.times ?? 3),
    on: (given.on ?? ['connection', 429, 502, 503, 504]) as RetryPolicy['on'],
    methods: (given.methods ?? ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'COPY']) as readonly string[],
    delay: parseDuration(String(given.delay)) ?? 500,
    maxDelay: parseDuration(String(given['max-delay'])) ?? 30_000,
  }
}
