import { expect, test } from 'vitest'
import { OsrunError } from '../../src/model/problem.ts'
import { recipeWith } from './form-recipe.ts'

test.each([
  ['multipart: {}', 'RECIPE_INVALID'],
  ['multipart: { "a=b": c }', 'RECIPE_INVALID'],
  ['multipart: { a: { file: x, text: y } }', 'RECIPE_INVALID'],
  ['multipart: { a: { type: text/plain } }', 'RECIPE_INVALID'],
  ['multipart: { a: [{ filename: x }] }', 'RECIPE_INVALID'],
  ['multipart: { a: { fiel: x } }', 'RECIPE_INVALID'],
  ['multipart: { a: b }\nbody: c', 'RECIPE_INVALID'],
  ['multipart: { a: b }\nheaders: { content-type: a/b }', 'RECIPE_INVALID'],
  ['multipart: { a: "${nothing}" }', 'NAME_UNKNOWN'],
])('%s is no recipe', (request, code) => {
  try {
    recipeWith(request)
  } catch (error) {
    expect(error).toBeInstanceOf(OsrunError)
    expect((error as OsrunError).problems[0]?.code).toBe(code)
    return
  }
  throw new Error('it was taken')
})
