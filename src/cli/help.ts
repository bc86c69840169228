import type { Help } from 'commander'

/** Where the descriptions begin; a longer term has a line of its own. */
const column = 26

/** One flag, argument or command of a help text, within the width of the terminal. */
export function formatItem(term: string, _width: number, description: string, helper: Help): string {
  if (description === '') return `  ${term}`
  const width = Math.min(helper.helpWidth ?? 80, 100)
  const indent = ' '.repeat(column)
  const text = helper.boxWrap(description, width - column).replaceAll('\n', `\n${indent}`)
  const head = `  ${term}`
  return head.length + 2 <= column ? `${head.padEnd(column)}${text}` : `${head}\n${indent}${text}`
}

/** What `osrun` without a word prints: what it is, how to begin, where to go. */
export function firstWords(
  examples: readonly (readonly [line: string, what: string])[],
  docs: string,
): string {
  const width = Math.max(...examples.map(([line]) => line.length))
  return `osrun runs YAML recipes against OpenStack APIs, and prints the equivalent curl of
every request.

${examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`).join('\n')}

\`osrun --help\` lists the commands, \`osrun run --help\` the flags of a run;
\`man osrun\` has all of it. The documents are in ${docs}
`
}
