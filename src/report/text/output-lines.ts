import type { Json } from '../../model/recipe.ts'
import { variableOf } from '../../util/environment-name.ts'
import { quoteVisibly } from '../../util/text/shell-quote.ts'

/** An output as an assignment that a POSIX shell reads back: `name=value`; lists and mappings as JSON, null as nothing. */
export function outputLine(name: string, value: Json): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return `${variableOf(name)}=${quoteVisibly(text)}`
}
