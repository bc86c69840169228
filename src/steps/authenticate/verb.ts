import type { FacedVerb } from '../../export/verb-faces.ts'
import type { Json } from '../../model/recipe.ts'
import { isMapping } from '../input.ts'
import { overrideCredentials } from './credentials-override.ts'
import { authenticateSchema } from './schema.ts'

const secretKeys = ['password', 'token', 'passcode', 'application-credential.secret']

/**
 * Gets a token from Keystone; the cloud says who asks, unless the step does.
 * https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
 */
export const authenticate: FacedVerb = {
  verb: 'authenticate',
  traits: { logsIn: true, prepares: true },
  faces: {
    explain: () => import('./explain.ts'),
    shell: () => import('./shell.ts'),
    plain: () => import('./plain.ts'),
  },
  summary:
    'Gets a token and the catalog from Keystone; both come from the cloud unless the step says otherwise.',
  schema: authenticateSchema,
  example: '- authenticate:\n',
  title: (input) => {
    const scope = isMapping(input) ? input.scope : undefined
    if (typeof scope === 'string') return `authenticate ${scope}`
    return isMapping(scope) ? `authenticate for ${Object.keys(scope).join(', ')}` : 'authenticate'
  },
  sets: (input) => {
    const name = nameOf(input)
    return name === 'token' ? ['token', 'catalog', 'response'] : [name, 'response']
  },
  check(input, report) {
    if (!isMapping(input)) return
    for (const key of secretKeys) {
      const path = key.split('.')
      let value: unknown = input
      for (const part of path) value = isMapping(value) ? value[part] : undefined
      if (typeof value === 'string' && !value.includes('${'))
        report(
          path,
          `The ${path.at(-1)} stands in the recipe itself.`,
          'Take it from an input with `writeOnly: true`, or from `${env.NAME}`.',
        )
    }
  },
  asks: (input) =>
    isMapping(input) && input['auth-url'] !== undefined
      ? {
          url: input['auth-url'],
          takesOwn: !secretKeys.some((key) => Object.hasOwn(input, key.split('.')[0] ?? '')),
        }
      : {},
  async run(step, context) {
    const raw: Record<string, unknown> = isMapping(step.input) ? step.input : {}
    const credentials = overrideCredentials(raw, context)
    await context.authenticate(credentials, {
      catalog: raw.nocatalog !== true,
      keep: raw.keep === true,
      fresh: raw.fresh === true,
      variable: nameOf(step.input),
    })
  },
}

function nameOf(input: Json): string {
  return isMapping(input) && typeof input.as === 'string' ? input.as : 'token'
}
