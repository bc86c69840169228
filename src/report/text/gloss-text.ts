import type { CurlGloss } from '../../model/event.ts'
import { visible } from '../../util/text/visible.ts'
import type { Paint } from './paint.ts'
import { wrap } from './wrap.ts'

/** What the options of a curl line are for, an option a line in two columns; empty for none. */
export function glossText(glosses: readonly CurlGloss[], width: number, paint: Paint): string {
  const indent = '      '
  const column = Math.max(0, ...glosses.map(({ words }) => words.length)) + 2
  return glosses
    .map(({ words, meaning }) => {
      const hanging = wrap(visible(meaning), width, indent + ' '.repeat(column)).trimStart()
      return `${indent}${paint.blue(visible(words).padEnd(column))}${paint.dim(hanging)}\n`
    })
    .join('')
}
