import { expect, test } from 'vitest'
import { parseInputsFile } from '../../src/recipe/choose/resolve-inputs.ts'

test.each([
  '*canary7f3a9c',
  '|canary7f3a9c',
  '>canary7f3a9c',
  '[*canary7f3a9c]',
  '{a: *canary7f3a9c}',
  '"canary7f3a9c\\q"',
  '918273645546372819',
  '918273645546e918273645546',
])('a value %s that YAML refuses is not told', (value) => {
  const secret = /canary7f3a9c|918273645546/
  expect(() => parseInputsFile(`key: ${value}\n`, 'i.yaml')).toThrow(
    expect.objectContaining({
      code: 'INPUT_INVALID',
      message: expect.not.stringMatching(secret),
      at: expect.objectContaining({ line: 1 }),
    }),
  )
})
