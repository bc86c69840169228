import { parseRecipe } from '../../src/recipe/parse.ts'
import { verbs } from '../../src/steps/index.ts'

/** A recipe with one request, of a folder where its files are. */
export function recipeWith(request: string, base = 'http://127.0.0.1:1', directory = '/') {
  const text = `osrun: 1
name: A form
inputs:
  word: { type: string, default: plain }
steps:
  - request:
      url: POST ${base}/form
      token: false
${request.replace(/^/gm, '      ')}
`
  return parseRecipe(text, { file: 'form.yaml', directory, verbs })
}
