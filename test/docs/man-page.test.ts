import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { manPage } from './man-page.ts'

// `npm run golden` rewrites it.
test('man/osrun.1 says what the program says', async () => {
  await expect(manPage()).toMatchFileSnapshot('../../man/osrun.1')
})

test('every variable that the sources read is in the page', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('sandbox'))
    .map((name) => readFileSync(`src/${name}`, 'utf8'))
    .join('\n')
  const read = [
    ...sources.matchAll(/(?<!\$\{)\benv(?:ironment)?\.([A-Z_]{2,})\b/g),
    ...sources.matchAll(/'((?:https?|all|no)_proxy|OS_[A-Z_]+[A-Z])'/g),
  ].map(([, name = '']) => name)
  expect(read.length).toBeGreaterThan(10)
  const page = manPage()
  for (const name of read.filter((one) => !['NAME', 'PATH', 'DOLLAR', 'TEMP_URL_KEY'].includes(one)))
    expect(page).toContain(`.It Ev ${name}\n`)
})
