import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeInDoubleQuotes, quoteShell, quoteVisibly } from '../../src/util/text/shell-quote.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'\'"\\$`!%\n\t\r {}&=+-@/?#*~äé😀ab1[:\u009b\u202e'), maxLength: 40 }),
)
// No argument of a process can hold a NUL.
const words = fc.array(
  text.filter((one) => !/\p{Surrogate}/u.test(one) && !one.includes('\0')),
  { minLength: 1, maxLength: 20 },
)

function echoed(line: string, shell: string): readonly string[] {
  const out = execFileSync(shell, ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
  return out.split('\0').slice(0, -1)
}

// A hundred shells take their time on a busy machine.
test.each(['sh', 'bash'])('%s reads quoted words as they were', { timeout: 120_000 }, (shell) => {
  fc.assert(
    fc.property(words, (given) => {
      expect(echoed(given.map(quoteShell).join(' '), shell)).toEqual(given)
      expect(echoed(given.map(quoteVisibly).join(' '), shell)).toEqual(given)
      expect(echoed(given.map((one) => `"${escapeInDoubleQuotes(one)}"`).join(' '), shell)).toEqual(given)
    }),
    { numRuns: 60 },
  )
})
