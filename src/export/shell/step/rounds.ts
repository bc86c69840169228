import type { Json, RecipeStep } from '../../../model/recipe.ts'
import { renderSymbolically } from '../../symbolic-step.ts'
import { quoteText, shellWord } from '../values/words.ts'
import type { ScriptParts, StepWriting } from '../writing.ts'
import { indented } from './conditions.ts'

/** What each round of a step with `for-each` writes with: `${item}` is a text where all items are written out as texts. */
export function partsOfRound(step: RecipeStep, parts: ScriptParts): ScriptParts {
  if (step.forEach === undefined) return parts
  return {
    ...parts,
    kinds: new Map([...parts.kinds, ['item', textsOf(step) === undefined ? 'both' : 'text']]),
    certain: new Set([...parts.certain, 'item']),
  }
}

/** Whether the step certainly has a round. */
export function hasRounds({ forEach }: RecipeStep): boolean {
  return forEach === undefined || (Array.isArray(forEach.value) && forEach.value.length > 0)
}

/** Writes the rounds of a step with `for-each`, each with the lines of `body`; a step without is as it is. */
export function writeRounds(writing: StepWriting, title: string, body: readonly string[]): void {
  const { step } = writing
  const write = (...lines: readonly string[]): void => lines.forEach(writing.line)
  const texts = textsOf(step)
  if (step.forEach === undefined) write(...body)
  else if (texts !== undefined) {
    write(
      '_round=0',
      `for item in ${texts.map(quoteText).join(' ')}; do`,
      ...indented([
        '_round=$((_round + 1))',
        `step ${shellWord([`${title} [`, { code: '$_round' }, `/${texts.length}]`])}`,
        ...body,
      ]),
      'done',
    )
  } else {
    const { value, locate } = step.forEach
    const program = writing.jq(renderSymbolically(value, { ...step, locate }, writing.parts.placeholders))
    const variable = /^\(env\.(\w+) \| fromjson\)$/.exec(program)?.[1]
    const environment = writing.environment()
    const json = variable === undefined ? `"$(${environment}jq -cn ${quoteText(program)})"` : `"$${variable}"`
    const name = typeof value === 'string' ? value : 'the value'
    writing.need('list')
    writing.must(`list ${quoteText(name)} ${json}`)
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

function textsOf({ forEach }: RecipeStep): readonly string[] | undefined {
  const items: Json | undefined = forEach?.value
  if (!Array.isArray(items) || items.length === 0) return undefined
  const isText = (item: unknown): item is string => typeof item === 'string' && !item.includes('${')
  return items.every(isText) ? items : undefined
}
