import type { Plan } from '../../model/plan.ts'
import type { Json, Recipe, RecipeStep } from '../../model/recipe.ts'
import { learnCloud } from '../../run/masking/cloud-secrets.ts'
import { learnRecipe } from '../../run/masking/recipe-secrets.ts'
import { createMasker, type Masker } from '../../secrets/masker.ts'
import { verbs } from '../../steps/index.ts'
import { jsonText } from '../../util/parse-json.ts'
import type { Environment } from '../io.ts'
import type { OpenCloud } from '../open/sandbox-cloud.ts'

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
  const { planRecipe } = await import('../../export/plan/plan-recipe.ts')
  const { inputs, cloud, environment } = run
  const secrets: string[] = []
  const known = createMasker((secret) => void secrets.push(secret))
  learnRecipe(recipe, inputs, environment, known)
  const urlNames = cloud === undefined ? [] : learnCloud(cloud, known)
  const plan = await planRecipe(recipe, {
    verbs,
    cloud,
    inputs,
    urlNames,
    explainCurl: run.explainCurl === true,
    sharesTokens: run.sharesTokens === true,
    keepTokens: run.keepTokens === true,
  })
  const masker = maskerOf(secrets, writtenText(recipe, inputs))
  const visit = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? masker.mask(value) : value
  return JSON.parse(JSON.stringify(plan, digits), visit) as Plan
}

// All else in a plan is osrun's own words, public settings, and names in place of values: a secret that the recipe does not
// hold is in none of it, and may be one of those words.
function maskerOf(secrets: readonly string[], written: string): Masker {
  const masker = createMasker()
  for (const secret of secrets) {
    const alone = createMasker()
    alone.learn(secret)
    if (alone.find(written).length > 0) masker.learn(secret)
  }
  return masker
}

function writtenText({ name, description, inputs, steps }: Recipe, given: PlannedRun['inputs']): string {
  const texts = (step: RecipeStep): unknown => {
    const { name, note, captures, input, when, forEach, polling, included, defer } = step
    const keys = [when, forEach, polling?.until, polling?.failIf].map((key) => key?.value)
    return [name, note, captures, input, ...keys, [...(included?.steps ?? []), ...defer].map(texts)]
  }
  const shown = inputs
    .filter(({ secret }) => !secret)
    .map((input) => ({ ...input, value: given[input.name] }))
  return jsonText([name, description, shown, steps.map(texts)])
}

// As in reports: most who read a plan as JSON would round it.
function digits(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
