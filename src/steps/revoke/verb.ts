import type { FacedVerb } from '../../export/verb-faces.ts'
import type { Json } from '../../model/recipe.ts'

/**
 * Asks Keystone to revoke a token, then proves it: the token no longer validates.
 * https://docs.openstack.org/api-ref/identity/v3/#revoke-token
 */
export const revoke: FacedVerb = {
  verb: 'revoke',
  traits: { revokesTokens: true },
  faces: {
    explain: () => import('./explain.ts'),
    shell: () => import('./shell.ts'),
    plain: () => import('./plain.ts'),
  },
  summary: 'Revokes a token and proves that it no longer validates.',
  schema: {
    description: 'Nothing for the current token, or a token: `${second}`.',
    anyOf: [{ type: 'null' }, { type: 'string', minLength: 1 }],
  },
  example: '- revoke:\n',
  title: (input) => (typeof input === 'string' ? `revoke ${input}` : 'revoke'),
  sets: () => ['response'],
  reads: (input: Json) => (input === null ? [{ name: 'token', path: [] }] : []),
  async run(step, context) {
    await context.revoke(step.input === null ? undefined : context.renderText(step.input))
  },
}
