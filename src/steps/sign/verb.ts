import type { FacedVerb } from '../../export/verb-faces.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Json, RecipeStep } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import type { TempUrlGrant } from '../../model/temp-url.ts'
import { tempUrlDigests } from '../../openstack/temp-url.ts'
import { parseDuration } from '../../util/duration.ts'
import { isMapping, textOf } from '../input.ts'
import { joinUrl } from '../url.ts'

/** Makes a temporary URL of an object; nothing is sent. */
export const sign: FacedVerb = {
  verb: 'sign',
  faces: { explain: () => import('./explain.ts'), shell: () => import('./shell.ts') },
  summary:
    'Makes a temporary URL: whoever has it may do one thing with an object, without a token. It is hidden like a password; send it with `token: false`.',
  schema: {
    type: 'object',
    required: ['url', 'key'],
    additionalProperties: false,
    properties: {
      method: {
        type: 'string',
        enum: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'],
        description: 'What the URL allows. Default: GET; all but DELETE allow HEAD too.',
      },
      url: {
        type: 'string',
        minLength: 1,
        description: "The object's URL; `/…` is relative to the endpoint.",
      },
      key: {
        type: 'string',
        minLength: 1,
        description: 'The value of X-Account-Meta-Temp-URL-Key or X-Container-Meta-Temp-URL-Key.',
      },
      expires: { $ref: '#/$defs/duration', description: 'How long the URL is good. Default: `10m`.' },
      digest: {
        type: 'string',
        enum: [...tempUrlDigests],
        description: 'Default: sha256. `/info` of the cloud says which are allowed.',
      },
      prefix: { type: 'string', description: 'Allows every object whose name starts so.' },
      'ip-range': { type: 'string', description: 'Allows this address or network alone: `192.0.2.0/24`.' },
      as: { $ref: '#/$defs/name', description: 'The name to set instead of `signed`.' },
    },
  },
  example:
    '- sign: { method: GET, url: "${endpoint}/photos/a.jpg", key: "${env.TEMP_URL_KEY}", expires: 10m }\n',
  title: (input) =>
    isMapping(input) ? `sign ${textOf(input.method ?? 'GET')} ${textOf(input.url)}` : 'sign',
  sets: (input) => [nameOf(input)],
  reads: (input) => [
    { name: 'token', path: [], use: 'wanted' },
    {
      name: 'endpoint',
      path: ['url'],
      use: isMapping(input) && textOf(input.url).startsWith('/') ? 'needed' : 'seen',
    },
  ],
  async run(step, context) {
    const grant = grantOf(step, context)
    const signed = context.signUrl(grant)
    if (signed === undefined)
      throw new OsrunError(
        'URL_INVALID',
        phrase`Only the URL of an object below /v1/ACCOUNT can be signed.`,
        {
          at: step.locate(['url']),
          hint: phrase`It is \${endpoint}/CONTAINER/OBJECT; with a prefix, the name of the object starts so.`,
        },
      )
    const name = nameOf(step.input)
    context.learnSecret(signed.signature)
    context.learnSecret(signed.url, name)
    context.nameUrl(signed.url, name)
    context.set(name, signed.url, { grant })
  },
}

function grantOf(step: RecipeStep, context: StepContext): TempUrlGrant {
  const input = step.input as { readonly [key: string]: Json }
  const text = (key: string): string | undefined => {
    const value = input[key]
    return value === undefined ? undefined : context.renderText(value, [key])
  }
  const endpoint = context.lookup('endpoint')
  const base = isMapping(endpoint) ? textOf(endpoint.url) : undefined
  const [prefix, ipRange, key = '', duration = '10m'] = [
    text('prefix'),
    text('ip-range'),
    text('key'),
    text('expires'),
  ]
  const life = parseDuration(duration)
  if (life === undefined)
    throw new OsrunError('VALUE_INVALID', phrase`"${duration}" is no duration.`, {
      at: step.locate(['expires']),
      hint: phrase`Write a number with its unit: 10m.`,
    })
  context.learnSecret(key)
  return {
    url: joinUrl(base, context.renderUrl(textOf(input.url), ['url']), step.locate(['url'])),
    method: text('method') ?? 'GET',
    key,
    expires: Math.floor((context.now() + life) / 1000),
    digest: (text('digest') ?? 'sha256') as TempUrlGrant['digest'],
    ...(prefix !== undefined && { prefix }),
    ...(ipRange !== undefined && { ipRange }),
  }
}

function nameOf(input: Json): string {
  return isMapping(input) && typeof input.as === 'string' ? input.as : 'signed'
}
