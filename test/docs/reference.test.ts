import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { namesReference } from './library-names.ts'
import {
  errorReference,
  exitReference,
  faultReference,
  fidelityReference,
  helpReference,
  permissionReference,
  reportReference,
  verbReference,
  withGenerated,
} from './reference.ts'
import { abilityReference } from './sandbox-abilities.ts'

// `npm run golden` rewrites the generated parts.
test.each([
  [
    'recipe.md',
    [
      ['permissions', permissionReference],
      ['verbs', verbReference],
    ],
  ],
  [
    'cli.md',
    [
      ['help', helpReference],
      ['reports', reportReference],
      ['exit', exitReference],
    ],
  ],
  ['library.md', [['names', namesReference]]],
  ['errors.md', [['codes', errorReference]]],
  [
    'sandbox.md',
    [
      ['abilities', abilityReference],
      ['faults', faultReference],
      ['fidelity', fidelityReference],
    ],
  ],
] as const)('docs/%s says what the code says', async (file, parts) => {
  let wanted = readFileSync(`docs/${file}`, 'utf8')
  for (const [part, generate] of parts) wanted = withGenerated(wanted, part, await generate())
  await expect(wanted).toMatchFileSnapshot(`../../docs/${file}`)
})
