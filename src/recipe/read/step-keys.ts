import type { DataPath, Json, PlacedValue, Polling, ReadUse, RecipeStep } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import { parseDataPath } from '../../util/data-path.ts'
import { parseDuration } from '../../util/duration.ts'
import { assertionReads, checkAssertion } from '../expectation/assertion.ts'
import type { StepReading } from './reading.ts'
import { checkReads, faultOfRead, type Scope } from './scope.ts'

/** Reads `until` with `every` and `fail-if`; `scope` has what the verb sets. */
export function readPolling(
  item: JsonSchema,
  path: DataPath,
  reading: StepReading,
  scope: Scope,
): Polling | undefined {
  const [until, failIf] = ['until', 'fail-if'].map((key) => {
    const at = [...path, key]
    const placed = readPlaced(item, at, reading, scope)
    if (placed === undefined) return undefined
    checkNames(assertionReads(placed.value), at, reading, scope)
    checkAssertion(placed.value, (within, message) =>
      reading.report('RECIPE_INVALID', reading.yaml.locateKey([...at, ...within]), message),
    )
    return placed
  })
  return until && { until, failIf, every: durationOf(item.every) ?? 2000 }
}

/** Reads `when`, whose keys are names. */
export function readWhen(
  item: JsonSchema,
  path: DataPath,
  reading: StepReading,
  scope: Scope,
): PlacedValue | undefined {
  const at = [...path, 'when']
  const when = readPlaced(item, at, reading, scope)
  const names = Object.keys(isMapping(when?.value) ? when.value : {})
  const reads = names.map((name) => ({ name: name === 'service' ? 'catalog' : name, path: [name] }))
  checkNames(reads, at, reading, scope)
  return when
}

/** The value of the step's key that the path ends in, its templates checked; undefined when it has none. */
function readPlaced(
  item: JsonSchema,
  path: DataPath,
  reading: StepReading,
  scope: Scope,
): PlacedValue | undefined {
  const value = item[String(path.at(-1))]
  if (value === undefined) return undefined
  checkTemplates(value, path, reading, scope)
  return { value, locate: (at) => reading.yaml.locate([...path, ...at]) }
}

/** What a step says of its rounds. */
export function readRounds(
  item: JsonSchema,
  path: DataPath,
  reading: StepReading,
  scope: Scope,
): Pick<RecipeStep, 'forEach' | 'where' | 'keepGoing'> {
  const value = item['for-each']
  if (!isMapping(value))
    return {
      forEach: readPlaced(item, [...path, 'for-each'], reading, scope),
      where: undefined,
      keepGoing: false,
    }
  const at = [...path, 'for-each']
  return {
    forEach: readPlaced(value, [...at, 'in'], reading, scope),
    where: readPlaced(value, [...at, 'where'], reading, scope),
    keepGoing: value['keep-going'] === true,
  }
}

/** Checks the templates of a value. */
export function checkTemplates(
  value: Json,
  place: DataPath,
  { yaml, report, later }: StepReading,
  scope: Scope,
): void {
  checkReads(value, scope, later, ({ code, path, message, hint, within }) =>
    report(
      code,
      yaml.locateWithin([...place, ...path], within.text, within.offset, within.length),
      message,
      hint,
    ),
  )
}

/** Checks names that are read otherwise than by templates: as the keys, or the texts, that their paths lead to. */
export function checkNames(
  reads: readonly { readonly name: string; readonly path: DataPath; readonly use?: ReadUse }[],
  place: DataPath,
  { yaml, report, later }: StepReading,
  scope: Scope,
): void {
  for (const { name, path, use = 'needed' } of reads) {
    const fault = use !== 'needed' ? undefined : faultOfRead(parseDataPath(name) ?? [name], scope, later)
    if (!fault) continue
    const at = [...place, ...path]
    const isKey = path.length === 0 || path.at(-1) === name || path[0] === 'service'
    report('NAME_UNKNOWN', isKey ? yaml.locateKey(at) : yaml.locate(at), fault.message, fault.hint)
  }
}

/** Milliseconds; undefined for what is no duration. */
export function durationOf(value: Json | undefined): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined
}

function isMapping(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
