import type { JsonSchema } from '../../model/step.ts'

const text = { type: 'string', minLength: 1 }
const method = { enum: ['password', 'token', 'totp', 'application_credential'] }
const idOrName = {
  anyOf: [
    text,
    { type: 'object', minProperties: 1, additionalProperties: false, properties: { id: text, name: text } },
  ],
}
const inDomain = {
  anyOf: [
    text,
    {
      type: 'object',
      minProperties: 1,
      additionalProperties: false,
      properties: { id: text, name: text, domain: idOrName },
    },
  ],
}

/** What may follow `authenticate:`. */
export const authenticateSchema: JsonSchema = {
  description: 'Nothing when the cloud says it all, or what differs from the cloud.',
  anyOf: [
    { type: 'null' },
    {
      type: 'object',
      additionalProperties: false,
      properties: {
        method: {
          description: 'One identity method, or several for multi-factor authentication.',
          anyOf: [method, { type: 'array', items: method, minItems: 1 }],
        },
        scope: {
          description: 'What the token is for: a word, or a project, domain or trust.',
          anyOf: [
            { enum: ['unscoped', 'system', 'default'] },
            {
              type: 'object',
              minProperties: 1,
              maxProperties: 1,
              additionalProperties: false,
              properties: { project: inDomain, domain: idOrName, system: { const: 'all' }, trust: text },
            },
          ],
        },
        user: { ...inDomain, description: 'A name in the domain of the cloud, or id, name and domain.' },
        password: { type: 'string', description: 'A template; a recipe holds no secrets.' },
        token: { type: 'string', description: 'A token to make this one of; a template.' },
        passcode: { type: 'string', description: 'The one-time code of TOTP; a template.' },
        'application-credential': {
          type: 'object',
          required: ['secret'],
          additionalProperties: false,
          properties: { id: text, name: text, secret: text, user: inDomain },
        },
        'auth-url': { ...text, description: "Another Keystone than the cloud's." },
        nocatalog: { type: 'boolean', description: 'Ask for a token without the catalog.' },
        as: { $ref: '#/$defs/name', description: 'The name to set instead of `token` and `catalog`.' },
        keep: { type: 'boolean', description: 'Leave the token alive at the end.' },
        fresh: {
          type: 'boolean',
          description: 'Make a token for this step, also where the recipes of a run share one.',
        },
      },
    },
  ],
}
