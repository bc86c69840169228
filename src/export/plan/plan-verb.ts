import type { Cloud } from '../../model/cloud.ts'
import type { HttpRequest } from '../../model/exchange.ts'
import type { PlannedStep } from '../../model/plan.ts'
import type { RecipeStep } from '../../model/recipe.ts'
import type { SymbolicStep } from '../symbolic-step.ts'
import type { ShellNames } from './shell-names.ts'

/** A token that the recipe has got by then. */
export type PlannedToken = {
  /** The name that stands for it. */
  readonly variable: string
  /** Its text in requests: a placeholder. */
  readonly text: string
  readonly identityUrl: string
  readonly keep: boolean
  isRevoked: boolean
}

/** What the steps of one plan share. */
export type PlanState = {
  readonly names: ShellNames
  /** Its secrets are placeholders, and all of its credentials where none is configured. */
  readonly cloud: Cloud
  readonly isKnownCloud: boolean
  /** A token may be one that another recipe of the run got. */
  readonly sharesTokens: boolean
  readonly tokens: PlannedToken[]
  /** Whether requests carry a token. */
  hasToken: boolean
  /** A placeholder for what HTTP basic sends, once the recipe has authenticated so. */
  basic?: string
}

/** What planning a step may ask. */
type StepPlanning = {
  readonly step: RecipeStep
  readonly state: PlanState
  /** Runs the verb's own code with placeholders. */
  symbolic(): Promise<SymbolicStep>
}

/** What a verb says of its step: its requests, and lines as a planned step has them. */
export type VerbPlan = Partial<Pick<PlannedStep, 'does' | 'remarks' | 'expects'>> & {
  readonly requests?: readonly HttpRequest[]
}

/** How the steps of one verb are planned. */
export type PlanVerb = (planning: StepPlanning) => VerbPlan | Promise<VerbPlan>
