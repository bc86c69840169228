import type { FacedVerb } from '../../export/verb-faces.ts'
import { assertionReads, checkAssertion } from '../../recipe/expectation/assertion.ts'
import { isMapping } from '../input.ts'
import { observe } from './observe.ts'

/** Compares an answer, and the context, with what the recipe expects; reports every difference. */
export const assert: FacedVerb = {
  verb: 'assert',
  traits: { compares: true },
  faces: {
    explain: () => import('./explain.ts'),
    shell: () => import('./shell.ts'),
    plain: () => import('./plain.ts'),
  },
  summary: 'Compares the answer with expectations and reports every difference.',
  schema: { $ref: '#/$defs/assertion' },
  example: '- assert:\n    status: 200\n    headers:\n      content-type: image/jpeg\n',
  title: (input) =>
    `assert ${
      isMapping(input)
        ? Object.keys(input)
            .filter((key) => key !== 'of')
            .join(', ')
        : ''
    }`.trim(),
  sets: () => [],
  reads: assertionReads,
  check: checkAssertion,
  async run(step, context) {
    context.fail(observe(step, context).flatMap(({ mismatches }) => mismatches))
  },
}
