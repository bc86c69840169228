import { readFileSync } from 'node:fs'
import { validate } from 'dockerfile-utils'
import { expect, test } from 'vitest'
import { examples } from './stage.ts'

const text = readFileSync(`${examples}/Containerfile`, 'utf8')
const [, , last = ''] = text.split(/^(?=FROM )/m)

test('a parser of such files finds nothing, and would find what is wrong', () => {
  expect(validate(text)).toEqual([])
  expect(validate(text.replace('WORKDIR', 'WORKDIRR'))).not.toEqual([])
  expect(validate(text.replace('ENTRYPOINT ["osrun"]', 'ENTRYPOINT'))).not.toEqual([])
})

test('the image runs osrun, as somebody who is not root, and has nothing but the package', () => {
  expect(last).toMatch(/^USER node$/m)
  expect(last).toMatch(/^ENTRYPOINT \["osrun"\]$/m)
  expect(last.match(/^COPY .*/gm)).toEqual(['COPY --from=build /packed /packed'])
})
