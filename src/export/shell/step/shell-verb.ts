import type { Cloud } from '../../../model/cloud.ts'
import type { Json, RecipeStep } from '../../../model/recipe.ts'
import type { SymbolicStep } from '../../symbolic-step.ts'
import type { NameKind } from '../values/variable-names.ts'
import type { StepWriting } from '../writing.ts'

/** What writing one step may know besides the step. */
export type VerbWriting = StepWriting & {
  /** Its credentials hold placeholders that read OS_* variables. */
  readonly cloud: Cloud
  /** Whether the cloud was given, so that its credentials are known by kind. */
  readonly isKnownCloud: boolean
  /** What the names of the step's functions end with. */
  readonly number: string
  /** What the verb's own code asks for, with another input than the step's if one is given; nothing for verbs that need an answer. */
  symbolic(input?: Json): Promise<SymbolicStep>
  /** Puts placeholders into a value of the step. */
  render(value: RecipeStep['input'], path?: readonly (string | number)[]): RecipeStep['input']
}

/** Writes the steps of one verb in shell. */
export type ShellVerb = {
  /** The names that the step sets. */
  sets?(step: RecipeStep): Readonly<Record<string, NameKind>>
  write(writing: VerbWriting): Promise<void> | void
}
