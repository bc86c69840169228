import { bodyLine, headerLine, statusLine, valueLine } from '../../http/curl-line/paste.ts'
import type { Capture } from '../../model/recipe.ts'
import { simpleJqPath } from '../../recipe/template/jq-path.ts'
import { jsonText } from '../../util/parse-json.ts'
import { answerVariable, loginVariable } from '../send/link.ts'
import type { RunParts } from './run-parts.ts'

type ShellParts = Pick<RunParts, 'kept' | 'masker'>

/** The line of a shell that sets an endpoint: by jq out of the answer to the login, where that is at hand and has it. */
export function endpointLine(
  { kept, masker }: ShellParts,
  { name, value, jq }: { readonly name: string; readonly value: string; readonly jq: string | undefined },
): string | undefined {
  const variable = name.replaceAll('-', '_')
  const login = loginVariable('token')
  if (jq !== undefined && kept.has(login)) return bodyLine(variable, login, jq)
  return masker.mask(value) === value ? valueLine(variable, value) : undefined
}

/** The line of a shell that takes what a step captures out of its answer; a value that jq has no short words for is written out. */
export function captureLine(
  { kept, masker }: ShellParts,
  { name, from, pattern }: Capture,
  value: unknown,
): string | undefined {
  const variable = name.replaceAll('-', '_')
  const answer = answerVariable
  if (pattern === undefined && kept.has(answer)) {
    if (from === 'status') return statusLine(variable, answer)
    if (from === 'body') return bodyLine(variable, answer)
    if (from.startsWith('headers.')) return headerLine(variable, answer, from.slice('headers.'.length))
    const path = simpleJqPath(from)
    if (path?.singular === true) return bodyLine(variable, answer, path.filter)
  }
  const text = typeof value === 'string' ? value : jsonText(value)
  return masker.mask(text) === text ? valueLine(variable, text) : undefined
}
