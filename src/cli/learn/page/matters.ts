import type { DataPath, Json, Recipe, RecipeStep } from '../../../model/recipe.ts'

/** What of an answer is worth looking at. */
export type Matters = {
  /** In lower case. */
  readonly headers: ReadonlySet<string>
  /** JSONPath queries. */
  readonly json: readonly string[]
}

/** What is captured from a step's answer, asserted about it, or read from it later; of a login the token as well. */
export function mattersOf({ steps }: Recipe, index: number): Matters {
  const headers = new Set<string>()
  const json = new Set<string>()
  const note = (from: string): void => {
    if (from.startsWith('headers.')) headers.add(from.slice('headers.'.length).toLowerCase())
    if (from.startsWith('$')) json.add(from)
  }
  const step = steps[index]
  if (step === undefined) return { headers, json: [] }
  const noteAll = (assertion: Json): void => {
    for (const name of keysOf(assertion, 'headers')) note(`headers.${name}`)
    for (const query of keysOf(assertion, 'json')) note(query)
  }
  for (const { from } of step.captures) note(from)
  if (step.polling !== undefined) noteAll(step.polling.until.value)
  if (step.traits.logsIn) {
    headers.add('x-subject-token')
    note('$.token.expires_at')
  }
  let isLast = true
  for (const later of steps.slice(index + 1)) {
    if (later.traits.compares && (isAbout(later, step.id) ?? isLast)) noteAll(later.input)
    for (const { path } of later.reads) {
      const [kind, name] = answerRead(path, step.id, isLast)
      if (kind === 'headers' && name !== undefined) note(`headers.${name}`)
    }
    if (later.sets.includes('response') || later.included !== undefined) isLast = false
  }
  return { headers, json: [...json] }
}

// Undefined: about the last answer, whichever that is.
function isAbout({ input }: RecipeStep, id: string): boolean | undefined {
  const of =
    typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Mapping).of : undefined
  return of === undefined ? undefined : of === id
}

type Mapping = { readonly [key: string]: Json }

function keysOf(input: Json, key: string): readonly string[] {
  const value = typeof input === 'object' && input !== null ? (input as Mapping)[key] : undefined
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
}

// What is read within the answer of a step: nothing where the path leads elsewhere.
function answerRead(path: DataPath, id: string, isLast: boolean): DataPath {
  if (path[0] === 'steps' && path[1] === id && path[2] === 'response') return path.slice(3)
  return isLast && path[0] === 'response' ? path.slice(1) : []
}
