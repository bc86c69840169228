import { Command, Option } from 'commander'
import type { Plan } from '../../model/plan.ts'
import type { Recipe } from '../../model/recipe.ts'
import { knownInputs } from '../../recipe/choose/resolve-inputs.ts'
import { inputsOfSuite } from '../../recipe/choose/suite-inputs.ts'
import { variantsOf } from '../../recipe/choose/variants.ts'
import { ownsTokens } from '../../run/tokens/owns-tokens.ts'
import type { CloudFlags } from '../flags/cloud-flags.ts'
import { addCloudFlags, openCloudIfAny } from '../flags/cloud-flags.ts'
import { addIncludeFlag, type IncludeFlag } from '../flags/include-flag.ts'
import { collectInput, givenInputs, type InputFlags } from '../flags/input-flags.ts'
import type { CommandContext, Io } from '../io.ts'
import { maskedPlan } from '../recipes/masked-plan.ts'
import { loadRecipes } from '../recipes/recipe-files.ts'
import { outputOf } from '../terminal/output.ts'

/** The flags that change a plan; those of `osrun run` that mean something before a run. */
export type ExplainFlags = CloudFlags &
  InputFlags &
  IncludeFlag & {
    readonly curl: boolean
    readonly explainCurl?: boolean
    readonly keepToken?: boolean
    readonly json?: boolean
  }

/** `osrun explain`: what recipes would do, before anything is sent. */
export function explainCommand({ io, setStatus }: CommandContext): Command {
  const command = new Command('explain')
    .description('show what recipes would do, each step with its curl lines, and send nothing')
    .argument('<recipe...>', 'recipe files and folders')
    .option('-i, --input <name=value>', "an input's value; may be repeated", collectInput)
    .option('--inputs <file>', 'inputs from a YAML or JSON file')
    .option('--json', 'write the plans as JSON, one a line')
    .option('--no-curl', 'print no curl lines')
    .addOption(
      new Option(
        '--explain-curl',
        'say what each option of a curl line is for, where it appears first',
      ).conflicts('curl'),
    )
  return addCloudFlags(addIncludeFlag(command)).action(
    async (paths: readonly string[], flags: ExplainFlags) => {
      const given = await givenInputs(flags, io)
      const loaded = await loadRecipes(paths, flags, io)
      const inputsOf = inputsOfSuite(loaded, given)
      const recipes = loaded.flatMap((recipe) => variantsOf(recipe, inputsOf(recipe)))
      setStatus(await explain(recipes, flags, io))
    },
  )
}

/** Writes the plans of recipes to standard output; gives the exit status. */
export async function explain(recipes: readonly Recipe[], flags: ExplainFlags, io: Io): Promise<number> {
  const inputsOf = inputsOfSuite(recipes, await givenInputs(flags, io))
  await using opened = await openCloudIfAny(flags, io)
  const plans: Plan[] = []
  for (const recipe of recipes) {
    const plan = await maskedPlan(recipe, {
      inputs: knownInputs(recipe, inputsOf(recipe)),
      cloud: opened?.cloud,
      environment: opened?.environment ?? io.environment,
      explainCurl: flags.explainCurl === true,
      sharesTokens: recipes.length > 1 && !ownsTokens(recipe),
      keepTokens: flags.keepToken === true,
    })
    plans.push(plan)
  }
  const { write, color, width } = outputOf(io.stdout, io)
  if (flags.json === true) for (const plan of plans) write(`${JSON.stringify(plan)}\n`)
  else {
    const { planText } = await import('../../report/text/plan-text.ts')
    write(planText(plans, { color, width }, { curl: flags.curl }))
  }
  return 0
}
