import type { Json, PlacedValue, RecipeStep } from '../../../model/recipe.ts'
import { noItemReason } from '../../../recipe/describe.ts'
import { renderSymbolically } from '../../symbolic-step.ts'
import { quoteProgram, quoteText, shellWord } from '../values/words.ts'
import type { ScriptParts, StepWriting } from '../writing.ts'
import { comparisonsOf } from './comparisons.ts'
import { indented } from './conditions.ts'

/** What each round of a step with `for-each` writes with: `${item}` is a text where all items are written out as texts. */
export function partsOfRound(step: RecipeStep, parts: ScriptParts): ScriptParts {
  if (step.forEach === undefined) return parts
  return {
    ...parts,
    kinds: new Map([...parts.kinds, ['item', textsOf(step) === undefined ? 'both' : 'text']]),
    certain: new Set([...parts.certain, 'item']),
    // What the rounds read is known apart: a variable that none of them does is not set.
    read: new Set(),
  }
}

/** Whether the step certainly has a round. */
export function hasRounds({ forEach, where }: RecipeStep): boolean {
  return (
    forEach === undefined || (where === undefined && Array.isArray(forEach.value) && forEach.value.length > 0)
  )
}

/** Writes the rounds of a step with `for-each`, each with the lines of `body`; a step without is as it is. */
export function writeRounds(
  writing: StepWriting,
  title: string,
  { body, readsItem }: { readonly body: readonly string[]; readonly readsItem: boolean },
): void {
  const { step } = writing
  const write = (...lines: readonly string[]): void => lines.forEach(writing.line)
  const texts = textsOf(step)
  if (step.forEach === undefined) write(...body)
  else if (texts !== undefined) {
    write(
      '_round=0',
      `for ${readsItem ? 'item' : '_'} in ${texts.map(quoteText).join(' ')}; do`,
      ...indented([
        '_round=$((_round + 1))',
        `step ${shellWord([`${title} [`, { code: '$_round' }, `/${texts.length}]`])}`,
        ...body,
      ]),
      'done',
    )
  } else {
    const { value, locate } = step.forEach
    const all = writing.jq(renderSymbolically(value, { ...step, locate }, writing.parts.placeholders))
    const program = step.where === undefined ? all : `${all} | ${filterOf(step.where, writing)}`
    const definitions = step.where === undefined ? ' ' : ' "$jq_definitions"'
    const variable = /^\(env\.(\w+) \| fromjson\)$/.exec(program)?.[1]
    const environment = writing.environment()
    const json =
      variable === undefined
        ? `"$(${environment}jq -cn${definitions}${quoteProgram(program)})"`
        : `"$${variable}"`
    const name = typeof value === 'string' ? value : 'the value'
    writing.need('list')
    const reason = step.where === undefined ? '' : ` ${quoteText(noItemReason(step.where.value))}`
    writing.must(`list ${quoteText(name)} ${json}${reason}`)
    write(
      'while next_item <&3; do',
      ...indented([
        `step ${shellWord([`${title} [`, { code: '$_round' }, '/', { code: '$_rounds' }, ']'])}`,
        ...body,
      ]),
      'done 3<"$work/items"',
    )
  }
}

// The items of a list whose fields are as they should be.
function filterOf(where: PlacedValue, writing: StepWriting): string {
  writing.need('differences')
  const fields = where.value as { readonly [field: string]: Json }
  const condition: RecipeStep = {
    ...writing.step,
    input: {
      json: Object.fromEntries(Object.entries(fields).map(([field, wanted]) => [memberOf(field), wanted])),
    },
    // What is compared stands two levels higher than in an assertion.
    locate: ([, query = '', ...rest]) => where.locate(query === '' ? [] : [fieldOf(String(query)), ...rest]),
  }
  const comparisons = comparisonsOf(condition, 'compare', writing).join(', ')
  return `if type == "array" then map({json: .} | select([${comparisons}] == []) | .json) else . end`
}

// A field as a query, and back.
function memberOf(field: string): string {
  return `$[${JSON.stringify(field)}]`
}

function fieldOf(query: string): string {
  return JSON.parse(query.slice(2, -1)) as string
}

/** Whether a step has a round for each text of a list that is written out. */
export function hasTextRounds(step: RecipeStep): boolean {
  return textsOf(step) !== undefined
}

function textsOf({ forEach, where }: RecipeStep): readonly string[] | undefined {
  if (where !== undefined) return undefined
  const items: Json | undefined = forEach?.value
  if (!Array.isArray(items) || items.length === 0) return undefined
  const isText = (item: unknown): item is string => typeof item === 'string' && !item.includes('${')
  return items.every(isText) ? items : undefined
}
