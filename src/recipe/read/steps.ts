import type { Capture, DataPath, Json, RecipeStep } from '../../model/recipe.ts'
import type { JsonSchema, Verb } from '../../model/step.ts'
import { checkJsonPath } from '../template/json-path.ts'
import { sourcePath, withDefaults } from './defaults.ts'
import { readIncluded } from './include.ts'
import { readQuiz } from './quiz.ts'
import type { StepReading } from './reading.ts'
import { namesSet, readsOfStep } from './reads.ts'
import { readRetry } from './retry.ts'
import { openScope, reservedNames, type Scope, valueNames } from './scope.ts'
import { checkNames, checkTemplates, durationOf, readPolling, readRounds, readWhen } from './step-keys.ts'

/** Reads a list of steps; `scope` grows with what each of them sets. */
export function readSteps(
  list: readonly Json[],
  path: DataPath,
  reading: StepReading,
  scope: Scope,
): RecipeStep[] {
  const place: ListPlace = { path, scope, counts: new Map(), isDeferred: path.at(-1) === 'defer' }
  return list.flatMap((item, index) => readStep(item, index, place, reading) ?? [])
}

/** A list of steps while it is read. */
type ListPlace = {
  readonly path: DataPath
  readonly scope: Scope
  /** How many steps of each verb there were. */
  readonly counts: Map<string, number>
  readonly isDeferred: boolean
}

function readStep(
  item: Json,
  index: number,
  { path: listPath, scope, counts, isDeferred }: ListPlace,
  reading: StepReading,
): RecipeStep | undefined {
  const { yaml, verbs, report, faulty, defaults } = reading
  const path = [...listPath, index]
  const verb = isMapping(item) ? verbs.find(({ verb: name }) => Object.hasOwn(item, name)) : undefined
  if (!isMapping(item) || verb === undefined || faulty.has(stepKey(path))) {
    scope.uncertain = true
    return undefined
  }
  const given = item[verb.verb] ?? null
  const { input, defaulted } = withDefaults(verb, given, defaults)
  const place = [...path, verb.verb]
  const number = (counts.get(verb.verb) ?? 0) + 1
  counts.set(verb.verb, number)
  const id = readId(item, path, reading) ?? madeId(verb.verb, number, path, reading)
  const when = readWhen(item, path, reading, scope)
  const { forEach, where, keepGoing } = readRounds(item, path, reading, scope)
  const round = forEach === undefined ? scope : openScope(scope, ['item'])
  if (verb.isPlain !== true) checkTemplates(given, place, reading, round)
  checkNames(verb.reads?.(given) ?? [], place, reading, round)
  verb.check?.(
    given,
    (at, message, hint) => report('RECIPE_INVALID', yaml.locateKey([...place, ...at]), message, hint),
    () => valueNames(round),
  )
  const included = readIncluded({ item, verb, path }, reading, round)
  if (verb.includes !== undefined && included === undefined) {
    scope.uncertain = true
    return undefined
  }
  const answered = namesSet(verb, input, included)
  const polling = readPolling(item, path, reading, openScope(round, answered))
  const captures = readCaptures(item, path, reading)
  const sets = [...answered, ...captures.map(({ name }) => name)]
  const defers = Array.isArray(item.defer) ? item.defer : []
  const own = openScope(round, sets)
  if (isMapping(item) && item.id !== undefined) own.ids.add(id)
  const defer = readSteps(defers, [...path, 'defer'], reading, own)
  for (const name of isDeferred ? sets : own.names) scope.names.add(name)
  scope.ids.add(id)
  const retry = item.retry ?? defaults.retry
  const reads = readsOfStep(verb, { id, input, when, forEach, where, polling, defer, included, sets })
  const quiz = readQuiz(item.quiz, path, reading)
  return {
    id,
    name: typeof item.name === 'string' ? item.name : undefined,
    note: typeof item.note === 'string' ? item.note : undefined,
    ...(quiz && { quiz }),
    verb: verb.verb,
    traits: verb.traits ?? {},
    input,
    defaulted,
    when,
    forEach,
    where,
    keepGoing,
    polling,
    retry: retry === undefined ? undefined : readRetry(retry),
    timeout: durationOf(item.timeout ?? (verb.untimed ? undefined : defaults.timeout)) ?? (polling && 60_000),
    captures,
    allowFailure: item['allow-failure'] === true,
    defer,
    at: yaml.locateKey(place),
    ...(included && { included }),
    reads,
    sets,
    locate: (at) =>
      at.length === 0 && given === null
        ? yaml.locateKey(place)
        : yaml.locate(defaulted.length === 0 ? [...place, ...at] : sourcePath(at, place, given, defaults)),
  }
}

function readId(item: JsonSchema, path: DataPath, { yaml, report, ids }: StepReading): string | undefined {
  if (typeof item.id !== 'string') return undefined
  const before = ids.get(item.id)
  const at = yaml.locate([...path, 'id'])
  if (before !== undefined)
    report(
      'RECIPE_INVALID',
      at,
      `The id "${item.id}" is taken: line ${before.line} has it.`,
      'Give each step an id of its own.',
    )
  else ids.set(item.id, at)
  return item.id
}

// Steps without an id are numbered by verb; a step that has such an id of its own keeps it.
function madeId(verb: string, number: number, path: DataPath, { yaml, ids }: StepReading): string {
  const inner = path.length > 2 ? 'deferred-' : ''
  let id = `${inner}${verb}-${number}`
  for (let more = 2; ids.has(id); more++) id = `${inner}${verb}-${number}-${more}`
  ids.set(id, yaml.locate(path))
  return id
}

function readCaptures(item: JsonSchema, path: DataPath, { yaml, report }: StepReading): Capture[] {
  return Object.entries(isMapping(item.capture) ? item.capture : {}).map(([name, value]) => {
    const at = [...path, 'capture', name]
    if (Object.hasOwn(reservedNames, name))
      report(
        'RECIPE_INVALID',
        yaml.locateKey(at),
        `"${name}" is a name that osrun itself uses.`,
        'Give the capture another name.',
      )
    const from = isMapping(value) ? String(value.from) : String(value)
    const pattern = isMapping(value) && typeof value.pattern === 'string' ? value.pattern : undefined
    const problem = from.startsWith('$') ? checkJsonPath(from) : undefined
    if (problem !== undefined)
      report('RECIPE_INVALID', yaml.locate(at), `"${from}" is no JSONPath: ${problem}`)
    if (pattern !== undefined && !isRegularExpression(pattern))
      report('RECIPE_INVALID', yaml.locate([...at, 'pattern']), `"${pattern}" is no regular expression.`)
    const secret = isMapping(value) && value.secret === true
    return {
      name,
      from,
      ...(pattern !== undefined && { pattern }),
      ...(secret && { secret }),
      at: yaml.locate(at),
    }
  })
}

/** Every name that any of the steps sets, those of deferred steps included. */
export function* setNames(list: readonly Json[], verbs: readonly Verb[]): Generator<string> {
  for (const item of list) {
    if (!isMapping(item)) continue
    for (const verb of verbs) if (Object.hasOwn(item, verb.verb)) yield* setBy(verb, item[verb.verb] ?? null)
    yield* Object.keys(isMapping(item.capture) ? item.capture : {})
    if (Array.isArray(item.defer)) yield* setNames(item.defer, verbs)
  }
}

// A verb may rely on its schema, which a recipe with other problems need not have passed.
function setBy(verb: Verb, input: Json): readonly string[] {
  try {
    return verb.sets(input)
  } catch {
    return []
  }
}

/** The step that a path leads into, as text: `steps/0/defer/1` for `['steps', 0, 'defer', 1, 'request']`. */
export function stepKey(path: DataPath): string {
  let end = 0
  while (path[end] === (end === 0 ? 'steps' : 'defer') && typeof path[end + 1] === 'number') end += 2
  return path.slice(0, end).join('/')
}

function isRegularExpression(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    // Not one; the caller tells where.
    return false
  }
}

function isMapping(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
