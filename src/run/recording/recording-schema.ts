import { errorCodes } from '../../model/error-codes.ts'
import type { JsonSchema } from '../../model/step.ts'

const text: JsonSchema = { type: 'string' }
const number: JsonSchema = { type: 'number' }
// The last moment of a Date is at 8.64e15, and a replay may wait.
const time: JsonSchema = { type: 'number', minimum: 0, maximum: 8e15 }
const url: JsonSchema = { type: 'string', pattern: '^https?://[^/]' }
const texts: JsonSchema = { type: 'array', items: text }
const textMap: JsonSchema = { type: 'object', additionalProperties: text }
const headers: JsonSchema = {
  type: 'array',
  items: { type: 'array', items: text, minItems: 2, maxItems: 2 },
}

function object(required: JsonSchema, optional: JsonSchema = {}): JsonSchema {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...optional } }
}

// Of each kind its own shape: what is wrong is told of that one alone, as `oneOf` would not.
function oneOf(key: string, shapes: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    type: 'object',
    required: [key],
    properties: { [key]: { enum: Object.keys(shapes) } },
    allOf: Object.entries(shapes).map(([kind, shape]) => ({
      anyOf: [{ properties: { [key]: { not: { const: kind } } } }, shape],
    })),
  }
}

const idOrName = object({}, { id: text, name: text })
const user = object({}, { id: text, name: text, domain: idOrName })

const method = oneOf('kind', {
  password: object({ user, password: text }),
  token: object({ token: text }),
  totp: object({ user, passcode: text }),
  application_credential: object({ credential: idOrName, secret: text }, { user }),
})

const scope = oneOf('kind', {
  default: {},
  unscoped: {},
  system: {},
  project: object({ project: user }),
  domain: object({ domain: idOrName }),
  trust: object({ id: text }),
})

const credentials = oneOf('kind', {
  keystone: object({ authUrl: url, methods: { type: 'array', items: method }, scope }),
  none: object({ endpoint: url }),
  http_basic: object({ endpoint: url, username: text, password: text }),
  admin_token: object({ endpoint: url, token: text }),
})

const cloud = object(
  {
    credentials,
    interfaces: texts,
    tls: object({ insecure: { type: 'boolean' } }, { cacert: text, cert: text, key: text }),
    endpointOverrides: textMap,
    origins: { type: 'array', items: object({ option: text, value: text, from: text }, { variable: text }) },
    files: texts,
    notes: texts,
  },
  { name: text, region: text },
)

const facts = { size: { type: 'integer', minimum: 0 }, md5: text, sha256: text } as const
const status: JsonSchema = { type: 'integer', minimum: 100, maximum: 999 }
const head = { status, headers } as const

const exchange = object(
  {
    run: text,
    request: object({ method: text, url: text, headers }, { body: text }),
    sent: time,
    ended: time,
  },
  {
    response: object(
      { ...head, ...facts, duration: number },
      { reason: text, text, base64: text, leftOut: { const: true }, sent: object(facts), sentSize: number },
    ),
    problem: object(
      { code: { enum: Object.keys(errorCodes) }, message: text, causes: texts },
      { hint: text },
    ),
    head: object(head),
  },
)

/** The JSON Schema of one line of a recording. */
export const recordingLineSchema: JsonSchema = oneOf('type', {
  recording: object({ version: number }, { cloud }),
  run: object({
    run: { type: 'string', pattern: '^[0-9a-f]{1,32}$' },
    recipe: text,
    file: text,
    started: time,
    inputs: { type: 'object' },
    environment: textMap,
  }),
  exchange: { ...exchange, anyOf: [{ required: ['response'] }, { required: ['problem'] }] },
  end: object({ runs: number, exchanges: number }),
})
