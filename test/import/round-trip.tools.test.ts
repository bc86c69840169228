import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { importRecipe } from '../../src/import/import-recipe.ts'

test('words are taken apart as bash takes them apart', () => {
  const lines = [
    `curl -isH 'A: b' -H"X-One: it's \\$5 \\"q\\"" -d a\\ b http://h/x`,
    `curl -d $'a\\tb\\n\\x41\\'' --url=http://h/'a'"b"c http://h/y`,
    `curl \\\n  -XPUT \\\n  http://h/"$(printf %s x)"`,
    `X=one; curl "http://h/$X/\${X}two" -H "B: $X"`,
    `curl -H 'A:b' http://h/a#b &&curl http://h/c;curl http://h/d`,
  ]
  for (const line of lines) {
    const words = execFileSync(
      'bash',
      ['-c', `curl() { for w; do printf '%s\\0' "$w"; done; printf '\\0'; }\n${line}`],
      {
        encoding: 'utf8',
      },
    )
    const urls = words.split('\0').flatMap((word) => /(http:\/\/h\/[^#]*)/.exec(word)?.[1] ?? [])
    const { text } = importRecipe({ file: 'x.sh', text: line }, { from: 'curl' })
    for (const url of urls) expect(text).toContain(url)
  }
})
