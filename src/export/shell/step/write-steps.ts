import type { Cloud } from '../../../model/cloud.ts'
import { OsrunError } from '../../../model/problem.ts'
import type { Recipe, RecipeStep } from '../../../model/recipe.ts'
import type { Verb } from '../../../model/step.ts'
import { fileInputsOf } from '../../../recipe/choose/file-inputs.ts'
import { renderSymbolically, runSymbolically } from '../../symbolic-step.ts'
import { comment, quoteText } from '../values/words.ts'
import type { ScriptParts } from '../writing.ts'
import { captureCalls, hasSalvage } from './captures.ts'
import { changingNames } from './changing-names.ts'
import { indented, writeWhen } from './conditions.ts'
import { writePolling } from './polling.ts'
import { retryCall } from './retries.ts'
import { hasRounds, hasTextRounds, partsOfRound, writeRounds } from './rounds.ts'
import type { ShellVerb, VerbWriting } from './shell-verb.ts'
import { writeStep } from './step-writing.ts'

/** What the writing of all steps of a recipe shares. */
export type StepsWriting = {
  readonly recipe: Recipe
  readonly verbs: readonly Verb[]
  /** How each verb is written. */
  readonly faces: ReadonlyMap<string, ShellVerb>
  readonly cloud: Cloud
  readonly isKnownCloud: boolean
  /** The ids of steps whose answers are read later. */
  readonly referenced: ReadonlySet<string>
}

/** Writes the steps of a recipe: each a block of statements, after the functions that it defers. */
export async function writeSteps(shared: StepsWriting, parts: ScriptParts): Promise<readonly string[]> {
  const { steps } = shared.recipe
  const isChanging = changingNames(steps)
  const blocks: string[] = []
  for (const [index, step] of steps.entries()) {
    const one = { ...shared, isChanging, blocks, number: String(index + 1) }
    const lines = await writeOne(step, step.allowFailure ? 'return' : 'exit', one, parts)
    const notes = step.note === undefined ? '' : `${comment(step.note)}\n`
    const name = `step_${index + 1}`
    blocks.push(
      step.allowFailure
        ? `${notes}${functionOf(name, lines)}\n${name} || echo '  This step may fail.'`
        : `${notes}${lines.join('\n')}`,
    )
    if (step.when !== undefined || step.allowFailure || !hasRounds(step)) continue
    for (const name of [...step.sets, `steps.${step.id}`]) parts.certain.add(name)
  }
  return blocks
}

/** How a verb is written in shell; refuses one for which nobody has said it. */
export function shellVerbOf(step: RecipeStep, faces: StepsWriting['faces']): ShellVerb {
  const found = faces.get(step.verb)
  if (found === undefined) throw unknownVerb(step, faces)
  return found
}

type One = StepsWriting & {
  isChanging(read: string): boolean
  /** Where the functions of deferred steps go. */
  readonly blocks: string[]
  /** What their names end with. */
  readonly number: string
}

async function writeOne(
  step: RecipeStep,
  stop: 'exit' | 'return',
  one: One,
  parts: ScriptParts,
): Promise<readonly string[]> {
  const title = step.name ?? verbOf(step, one).title(step.input)
  const round = partsOfRound(step, parts)
  const deferred = await writeDeferred(step, one, round)
  const attempt = await writeAttempt(step, stop, one, round)
  if (hasSalvage(step))
    one.blocks.push(
      functionOf(
        `capture_${one.number}`,
        captureCalls(writeStep(step, round, 'return', [])).map((call) => `${call} || return "$?"`),
      ),
    )
  const body = [
    ...(deferred === undefined ? [] : [['defer', deferred.name, ...deferred.kept].join(' ')]),
    ...limitsOf(step, round),
    ...writePolling(step, (lines) => writeStep(step, round, stop, lines), attempt),
  ]
  const ending: string[] = []
  const writing = writeStep(step, round, stop, ending)
  if (one.referenced.has(step.id)) writing.must(`cp "$work/response.json" "$work/step-${step.id}.json"`)
  if (hasSalvage(step)) writing.must(`capture_${one.number}`)
  else for (const call of captureCalls(writing)) writing.must(call)
  // The next item comes before the next step does.
  if (step.forEach !== undefined && deferred?.kept.some((name) => /^item(_json)?$/.test(name)))
    ending.push('keep')
  const lines: string[] = []
  const around = writeStep(step, parts, stop, lines)
  writeRounds(around, title, { body: [...body, ...ending], readsItem: round.read.has('item') })
  if (round !== parts) for (const read of round.read) parts.read.add(read)
  const whole = writeWhen(step, one.cloud, (more) => writeStep(step, parts, stop, more), lines)
  // Rounds of texts begin with a line of their own.
  const isTold = hasTextRounds(step) && step.when === undefined
  return isTold ? whole : [`step ${quoteText(title)}`, ...whole]
}

// What is tried again by `until`: the statements of the verb.
async function writeAttempt(
  step: RecipeStep,
  stop: 'exit' | 'return',
  one: One,
  parts: ScriptParts,
): Promise<readonly string[]> {
  const { recipe, cloud, isKnownCloud, number } = one
  const { placeholders } = parts
  const lines: string[] = []
  const writing: VerbWriting = {
    ...writeStep(step, parts, stop, lines),
    cloud,
    isKnownCloud,
    number,
    symbolic: (input = step.input) =>
      runSymbolically(
        verbOf(step, one),
        { ...step, input },
        { placeholders, cloud, directory: recipe.directory, fileInputs: fileInputsOf(recipe) },
      ),
    render: (value, path) => renderSymbolically(value, step, placeholders, path),
  }
  await shellVerbOf(step, one.faces).write(writing)
  return lines
}

function verbOf(step: RecipeStep, { verbs, faces }: Pick<StepsWriting, 'verbs' | 'faces'>): Verb {
  const found = verbs.find(({ verb }) => verb === step.verb)
  if (found === undefined) throw unknownVerb(step, faces)
  return found
}

function limitsOf({ timeout, retry }: RecipeStep, { helpers }: ScriptParts): readonly string[] {
  if (timeout !== undefined) helpers.add('within')
  if (retry !== undefined) helpers.add('retry')
  return [
    ...(timeout === undefined ? [] : [`within ${timeout / 1000}`]),
    ...(retry === undefined ? [] : [retryCall(retry)]),
  ]
}

/** The function of what a step defers, and the names that are kept for it. */
type Deferred = { readonly name: string; readonly kept: readonly string[] }

// A deferred step is registered before the request, and given up when the request was refused. Those of one step are one
// function; it reads names as they were when the step ended.
async function writeDeferred(step: RecipeStep, one: One, parts: ScriptParts): Promise<Deferred | undefined> {
  if (step.defer.length === 0) return undefined
  const name = `deferred_${one.number}`
  const own: ScriptParts = { ...parts, read: new Set(), certain: new Set(parts.certain) }
  const bodies: (readonly string[])[] = []
  for (const [index, inner] of step.defer.entries()) {
    const number = step.defer.length === 1 ? one.number : `${one.number}_${index + 1}`
    const innermost = { ...one, number: inner.defer.length > 0 ? `${number}_more` : number }
    bodies.push([
      ...(inner.note === undefined ? [] : [comment(inner.note)]),
      ...(await writeOne(inner, 'return', innermost, own)),
    ])
  }
  for (const read of own.read) parts.read.add(read)
  // A path alone, such as /photos, reads the endpoint without naming it.
  if (step.defer.some(({ traits }) => traits.sendsRequest) && parts.kinds.has('endpoint'))
    own.read.add('endpoint')
  const kept = [...own.read].filter(one.isChanging).sort()
  const recall = kept.length === 0 ? [] : [`recall ${kept.join(' ')}`]
  parts.frame.add('deferred')
  if (kept.length > 0) parts.frame.add('keeps')
  const [only] = bodies
  if (bodies.length === 1 && step.defer[0]?.allowFailure === false)
    one.blocks.push(functionOf(name, [...recall, ...(only ?? [])]))
  else {
    const calls = bodies.map((body, index) => {
      const inner = `${name}_${index + 1}`
      one.blocks.push(functionOf(inner, body))
      return `${inner} || ${step.defer[index]?.allowFailure ? 'true' : `_left="$_left ${inner}"`}`
    })
    one.blocks.push(functionOf(name, [...recall, ...calls]))
  }
  return { name, kept }
}

function functionOf(name: string, lines: readonly string[]): string {
  return `${name}() {\n${indented(lines).join('\n')}\n}`
}

function unknownVerb(step: RecipeStep, faces: StepsWriting['faces']): OsrunError {
  return new OsrunError('EXPORT_IMPOSSIBLE', `A step "${step.verb}" cannot be exported to a shell script.`, {
    at: step.at,
    hint: `These can: ${[...faces.keys()].join(', ')}.`,
  })
}
