import type { Plan } from '../model/plan.ts'
import type { Json, Recipe } from '../model/recipe.ts'
import { learnCloud } from '../run/cloud-secrets.ts'
import { learnRecipe } from '../run/recipe-secrets.ts'
import { createMasker } from '../secrets/masker.ts'
import { verbs } from '../steps/index.ts'
import type { Environment } from './io.ts'
import type { OpenCloud } from './sandbox-cloud.ts'

/** How a recipe would be run. */
type PlannedRun = {
  readonly inputs: Readonly<Record<string, Json>>
  /** Without one, curl lines read all credentials from OS_* variables. */
  readonly cloud: OpenCloud['cloud'] | undefined
  /** What the recipe reads as `\${env.NAME}`. */
  readonly environment: Environment
  readonly explainCurl?: boolean
  readonly sharesTokens?: boolean
  readonly keepTokens?: boolean
}

/** What a recipe would do, without any secret, also where one stands in the recipe's own text. */
export async function maskedPlan(recipe: Recipe, run: PlannedRun): Promise<Plan> {
  const { planRecipe } = await import('../export/plan/plan-recipe.ts')
  const { inputs, cloud, environment } = run
  const masker = createMasker()
  learnRecipe(recipe, inputs, environment, masker)
  const plan = await planRecipe(recipe, {
    verbs,
    cloud,
    inputs,
    urlNames: cloud === undefined ? [] : learnCloud(cloud, masker),
    explainCurl: run.explainCurl === true,
    sharesTokens: run.sharesTokens === true,
    keepTokens: run.keepTokens === true,
  })
  const visit = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? masker.mask(value) : value
  return JSON.parse(JSON.stringify(plan), visit) as Plan
}
