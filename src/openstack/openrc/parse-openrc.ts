import type { Position } from '../../model/problem.ts'
import { OsrunError } from '../../model/problem.ts'
import { quoteShell } from '../../util/text/shell-quote.ts'
import { checkSyntax } from './check-syntax.ts'
import { runList } from './run.ts'
import { createShell } from './shell.ts'
import type { Placed } from './variables.ts'
import { createVariables, type Environment, type Exported } from './variables.ts'

/** What an openrc file sets: what `export -p` of a bash that has sourced it would say. */
export type Openrc = Exported

/**
 * Reads an openrc file as bash would source it, by its syntax tree. Nothing is executed, and no file is looked at.
 *
 * @throws OsrunError OPENRC_INVALID, with the place, for anything that only a shell can do
 */
export async function parseOpenrc(given: string, file: string, environment: Environment): Promise<Openrc> {
  return (await loadOpenrcReader())(given, file, environment)
}

/** As `parseOpenrc`, for who reads many: the parser of bash takes its time to load. */
export async function loadOpenrcReader(): Promise<
  (given: string, file: string, environment: Environment) => Openrc
> {
  const { parse, forEachChild } = await import('unbash')
  return (given, file, environment) => {
    const text = withoutMarks(given)
    const refuse = (at: Placed, what: string): OsrunError => invalid(placeIn(text, file, at), what)
    const script = parse(text)
    checkSyntax(script, { text, forEachChild, refuse })
    const variables = createVariables(environment, (at) => placeIn(text, file, at).line)
    const shell = createShell(variables, refuse)
    const status = runList(script, shell)
    if (shell.options.errexit && status !== 0)
      throw refuse(script.commands.at(-1) ?? script, 'a command that may fail, under `set -e`')
    return variables.exported()
  }
}

// A file of which all lines end as those of Windows do is meant as if they did not.
function withoutMarks(text: string): string {
  const plain = text.replace(/^\uFEFF/, '')
  return /(?:^|[^\r])\n/.test(plain) ? plain : plain.replace(/\r(?=\n|$)/g, '')
}

function placeIn(text: string, file: string, { pos, end }: Placed): Position {
  const before = text.slice(0, pos)
  const start = before.lastIndexOf('\n') + 1
  const stop = text.indexOf('\n', pos)
  return {
    file,
    line: before.split('\n').length,
    column: pos - start + 1,
    length: Math.max(1, Math.min(end, stop < 0 ? text.length : stop) - pos),
  }
}

// The line may hold a password, so it is not shown.
function invalid(at: Position, what: string): OsrunError {
  const path = at.file.includes('/') ? at.file : `./${at.file}`
  return new OsrunError('OPENRC_INVALID', `The openrc file has ${what}.`, {
    at,
    hint: `The file is read and never executed. Let your shell do it: \`. ${quoteShell(path)} && osrun …\`, without --openrc.`,
  })
}
