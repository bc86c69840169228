import { phrase } from '../../model/phrase.ts'
import type { Position } from '../../model/problem.ts'
import { OsrunError } from '../../model/problem.ts'
import { reservedNames } from '../../recipe/read/scope.ts'
import { ownValue } from '../../recipe/template/render-template.ts'
import { isTakenVariable, variableOf } from '../../util/environment-name.ts'
import { jsonText } from '../../util/parse-json.ts'
import type { Values } from '../recipe/values.ts'

/** Variables of the caller that a script has: what it takes to find programs and to write text, and no credentials. */
const passed = /^(PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|TERM)$/

/** The longest value of a variable, in bytes: Linux takes 128 KiB for each, its name included. */
const longest = 120 * 1024

/** What of the names of a run is special to a script. */
export type ScriptNames = {
  /** The names of tokens, which a script does not get unasked. */
  readonly tokens: ReadonlySet<string>
  /** Whether it asks for the current one. */
  readonly token: boolean
  readonly at: Position
}

/**
 * The environment of a script: inputs and captures under their names, `-` as `_`, lists and mappings as JSON, null as
 * nothing; `endpoint` when there is one; the token only when the step asks for it. A value that is too long is left out, and
 * an error where the script speaks of it.
 */
export function scriptEnvironment(
  script: string,
  values: Values,
  { tokens, token, at }: ScriptNames,
): Readonly<Record<string, string>> {
  const caller = values.get('env') as Readonly<Record<string, string | undefined>>
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(caller))
    if (value !== undefined && passed.test(name)) environment[name] = value
  const names = [...values.names()].filter((name) => !Object.hasOwn(reservedNames, name) && !tokens.has(name))
  for (const name of [...names, 'endpoint', 'item', ...(token ? ['token'] : [])]) {
    const variable = variableOf(name)
    const value = ownValue(values.get(name))
    if (value === undefined || isTakenVariable(variable)) continue
    const text = value === null ? '' : typeof value === 'object' ? jsonText(value) : String(value)
    const fault = text.includes('\0')
      ? 'holds a NUL byte'
      : Buffer.byteLength(text) > longest
        ? `is longer than ${longest} bytes`
        : undefined
    if (fault === undefined) environment[variable] = text
    else if (new RegExp(`\\b${variable}\\b`).test(script))
      throw new OsrunError(
        'VALUE_INVALID',
        phrase`"${name}" ${fault}, so it cannot be a variable of the script.`,
        {
          at,
        },
      )
  }
  return environment
}
