import type { Position } from '../../model/problem.ts'
import type { Json, RecipeStep } from '../../model/recipe.ts'
import { variableOf } from '../../util/environment-name.ts'
import { plainQuery } from './json-query.ts'
import { foldCommand } from './layout.ts'
import { notPlain } from './not-plain.ts'
import { type AnswerUses, isRead, type PlainState } from './state.ts'
import type { PlainWriting } from './writing.ts'

type Mapping = { readonly [key: string]: Json }

/** What of a step's answer is looked at, by itself and by the steps until the next answer. */
export function usesOf(step: RecipeStep, after: readonly RecipeStep[]): AnswerUses {
  const uses = { status: false, headers: false, body: false, asserted: new Set<string>() }
  const next = after.findIndex(({ sets }) => sets.includes('response'))
  const readers = after.slice(0, next < 0 ? after.length : next + 1)
  const input = step.input as { readonly expect?: Json } | null
  if (typeof input === 'object' && input?.expect !== undefined) uses.status = true
  for (const { from } of step.captures) use(from, uses)
  for (const reader of readers) {
    if (reader.traits.compares)
      for (const [key, expected] of Object.entries((reader.input ?? {}) as Mapping)) {
        use(key, uses)
        if (key === 'headers')
          for (const name of Object.keys(expected as Mapping)) uses.asserted.add(name.toLowerCase())
      }
    if (reader.reads.some(({ path: [name, key] }) => name === 'response' && key === 'json')) uses.body = true
  }
  return uses
}

function use(from: string, uses: { status: boolean; headers: boolean; body: boolean }): void {
  if (from === 'status') uses.status = true
  else if (from.startsWith('headers')) uses.headers = true
  else uses.body = true
}

/** The lines that put a header of the last answer into a variable. */
export function headerLines(variable: string, name: string): readonly string[] {
  const cut = [`${variable}=$(grep -i '^${name.toLowerCase()}:'`, '"$work/headers" |', `cut -d' ' -f2-)`]
  return foldCommand(cut)
}

/** Writes what takes values out of the answer, and shows those that are no secrets. */
export function writeCaptures({ step, state, uses, line }: PlainWriting): void {
  for (const { name, from, pattern, secret, at } of step.captures) {
    const variable = variableOf(name)
    if (pattern !== undefined) throw notPlain('A capture with a pattern', at)
    const header = from.startsWith('headers.') ? from.slice('headers.'.length).toLowerCase() : undefined
    const isPrinted = state.isShown || secret === true
    // A variable that nobody looks at is not set.
    if (isPrinted && !isRead(state, name) && !(header !== undefined && uses.asserted.has(header))) continue
    state.kinds.set(variable, 'text')
    if (from === 'status') line(`${variable}=$status`)
    else if (header !== undefined) {
      line(...headerLines(variable, header))
      state.found.set(header, variable)
    } else if (from === 'body') line(`${variable}=$(cat "$work/${state.body}")`)
    else line(...jsonLines(variable, from, { at, state }))
    if (!isPrinted) line(`echo "${name}: $${variable}"`)
  }
}

// What a query gives that may have several results is a list.
function jsonLines(
  variable: string,
  query: string,
  { at, state }: { readonly at: Position; readonly state: PlainState },
): readonly string[] {
  const { singular, filter } = plainQuery(query, at)
  if (!singular) state.kinds.set(variable, 'json')
  const program = `'${(singular ? filter : `[${filter}]`).replaceAll("'", "'\\''")}'`
  return foldCommand([`${variable}=$(jq ${singular ? '-er' : '-ec'} ${program}`, `"$work/${state.body}")`])
}
