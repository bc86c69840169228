import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { namesReference } from './library-names.ts'
import {
  errorReference,
  exitReference,
  faultReference,
  fidelityReference,
  helpReference,
  reportReference,
  verbReference,
  withGenerated,
} from './reference.ts'

// `npm run golden` rewrites the generated parts.
test.each([
  ['recipe.md', [['verbs', verbReference]]],
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
      ['faults', faultReference],
      ['fidelity', fidelityReference],
    ],
  ],
] as const)('docs/%s says what the code says', async (file, parts) => {
  const wanted = parts.reduce(
    (markdown, [part, generate]) => withGenerated(markdown, part, generate()),
    readFileSync(`docs/${file}`, 'utf8'),
  )
  await expect(wanted).toMatchFileSnapshot(`../../docs/${file}`)
})
