import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorReference, helpReference, reportReference, verbReference, withGenerated } from './reference.ts'

// `npm run golden` rewrites the generated parts.
test.each([
  ['recipe.md', 'verbs', verbReference],
  ['cli.md', 'help', helpReference],
  ['cli.md', 'reports', reportReference],
  ['errors.md', 'codes', errorReference],
])('docs/%s says what the code says of its %s', async (file, part, generate) => {
  const wanted = withGenerated(readFileSync(`docs/${file}`, 'utf8'), part, generate())
  await expect(wanted).toMatchFileSnapshot(`../../docs/${file}`)
})
