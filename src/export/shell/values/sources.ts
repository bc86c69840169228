import type { Position } from '../../../model/problem.ts'
import type { DataPath } from '../../../model/recipe.ts'
import { cannotExport } from '../../cannot-export.ts'
import type { StepWriting } from '../writing.ts'
import { variableOf } from './variable-names.ts'
import { quoteText } from './words.ts'

/** What writing the reads of one step needs: its lines so far, and what jq must find in its environment. */
export type Values = Pick<StepWriting, 'step' | 'parts' | 'need' | 'must'> & {
  readonly lines: string[]
  readonly environment: Set<string>
  /** The names that have been looked at. */
  readonly checked: Set<string>
}

/** Where a script has the value of a read. */
export type Source = {
  /** The variable that holds the text. */
  readonly variable?: string
  /** The variable that holds the JSON. */
  readonly json?: string
  /** A variable that is empty while nothing has set the name; none where something certainly has. */
  readonly mark?: string
  /** Reads the field of a document: the words before and after the name of the helper that does. */
  readonly field?: { readonly before: string; readonly path: string; readonly after: string }
}

/** Finds where a script has the value at a path of the context; refuses what it has nowhere. */
export function sourceOf(path: DataPath, at: Position, values: Values): Source {
  const [first, ...rest] = path
  const name = String(first)
  const variable = variableOf(name)
  const { parts } = values
  const isCertain = parts.certain.has(
    name === 'steps' ? `steps.${rest[0]}` : name === 'catalog' ? 'token' : name,
  )
  const inFile = (file: string, within: DataPath): Source => {
    parts.read.add(`${file}.json`)
    if (!isCertain) parts.unset.add(file)
    return { field: { before: '', path: JSON.stringify(within), after: ` <"$work/${file}.json"` } }
  }
  if (name === 'env') return { variable: String(rest[0]) }
  if (name === 'run') return { variable: 'run_id' }
  if (name === 'catalog') return inFile('token', ['catalog', ...rest])
  if (name === 'response' && rest.length > 0) return inFile('response', rest)
  if (name === 'steps' && rest[1] === 'response' && rest.length > 2)
    return inFile(`step-${String(rest[0])}`, rest.slice(2))
  const kind = parts.kinds.get(name)
  if (kind === undefined) throw cannotExport(`\${${path.join('.')}}`, at)
  const mark = isCertain ? {} : { mark: kind === 'file' ? variable : `${variable}_json` }
  if (kind === 'file') return rest.length === 0 ? { variable, ...mark } : inFile(variable, rest)
  if (rest.length > 0) {
    if (kind === 'text') throw cannotExport(`A field of "${name}", which is a text,`, at)
    const json = kind === 'both' ? `${variable}_json` : variable
    parts.read.add(json)
    return { field: { before: `printf '%s' "$${json}" | `, path: JSON.stringify(rest), after: '' } }
  }
  if (kind === 'both') parts.read.add(`${variable}_json`)
  return {
    variable,
    ...(kind !== 'text' && { json: kind === 'both' ? `${variable}_json` : variable }),
    ...mark,
  }
}

/** Ends the step where nothing has set what it reads, as in a step that was skipped. */
export function checkIsSet(name: string, { mark }: Source, { parts, checked, must }: Values): void {
  if (mark === undefined || checked.has(mark)) return
  checked.add(mark)
  parts.read.add(mark)
  must(`[ "$${mark}" ] || fail 3 ${quoteText(`\${${name}} has no value.`)}`)
}

/** The call of the helper that reads a field. */
export function fieldCall(
  helper: 'field' | 'optional_field' | 'json_field' | 'at_path',
  name: string,
  { before, path, after }: NonNullable<Source['field']>,
  values: Values,
): string {
  values.need(helper)
  return `${before}${helper} ${quoteText(path)}${/^(optional|at)_/.test(helper) ? '' : ` ${quoteText(name)}`}${after}`
}

/** The variable of a read that is done before its statement: `token.user.id` becomes _token_user_id, no name of the recipe. */
export function hoisted(path: DataPath): string {
  return `_${path.join('_').replaceAll(/\W/g, '_')}`
}
