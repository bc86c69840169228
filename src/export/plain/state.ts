import type { Cloud } from '../../model/cloud.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'
import type { Placeholders } from '../placeholder.ts'

/** What the steps of one plain script share. */
export type PlainState = {
  readonly recipe: Recipe
  readonly verbs: readonly Verb[]
  readonly placeholders: Placeholders
  readonly cloud: Cloud
  readonly isKnownCloud: boolean
  /** Variables of the environment that the script cannot do without. */
  readonly needed: Set<string>
  /** The names that the script sets or takes, by their variables, with what each of them holds. */
  readonly kinds: Map<string, 'text' | 'json' | 'file'>
  /** Variables with the encoded text of others, which are set before the steps. */
  readonly encoded: Map<string, string>
  /** The tokens that are revoked at the end, by their variables. */
  readonly tokens: Set<string>
  /** Where the body of the last answer is. */
  body: string
  /** Whether the last answer has been printed. */
  isShown: boolean
  /** Variables with headers of the last answer, by their names. */
  readonly found: Map<string, string>
}

/** What is looked at in the answer of a step, by itself and by those after it. */
export type AnswerUses = {
  readonly status: boolean
  readonly headers: boolean
  readonly body: boolean
  /** The headers that assertions look at, in small letters. */
  readonly asserted: ReadonlySet<string>
}

/** Whether a step, or what the recipe gives at its end, reads a name. */
export function isRead({ recipe }: Pick<PlainState, 'recipe'>, name: string): boolean {
  return recipe.reads.some(({ path: [first], use }) => first === name && use !== 'seen')
}
