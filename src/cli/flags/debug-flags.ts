import type { Command } from 'commander'
import type { Gate } from '../../model/gate.ts'
import type { Plan } from '../../model/plan.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { partOf } from '../../recipe/choose/part.ts'
import { type GivenInputs, resolveInputs } from '../../recipe/choose/resolve-inputs.ts'
import type { Io, OutputStream } from '../io.ts'
import { checkBreaks, collectBreak } from '../prompt/breaks.ts'
import { createPrompt } from '../prompt/prompt.ts'
import { maskedPlan } from '../recipes/masked-plan.ts'
import { loadRecipes } from '../recipes/recipe-files.ts'
import { warnTo } from '../terminal/warn.ts'
import type { IncludeFlag } from './include-flag.ts'
import type { OpenSource } from './recording-flags.ts'

/** What the command line says of looking for what is wrong. */
export type DebugFlags = IncludeFlag & {
  readonly step?: string
  readonly break?: readonly string[]
  readonly jobs?: number
}

/** Adds `--step` and `--break`. */
export function addDebugFlags(command: Command): Command {
  return command
    .option(
      '--step <id..id>',
      'run a part of one recipe: from one step to another; also ID, ID.. and ..ID; what it needs of token and endpoint is got first',
    )
    .option(
      '--break <id>',
      'stop before this step and ask what to do; failure: after any that does not pass; may be repeated',
      collectBreak,
    )
}

/** The part of the recipe that `--step` names, or all recipes without it; throws USAGE_INVALID for a part of several. */
export function partsOf(
  recipes: readonly Recipe[],
  { step }: DebugFlags,
  given: GivenInputs,
  warn: (message: string) => void,
): readonly Recipe[] {
  if (step === undefined) return recipes
  const [recipe] = recipes
  if (recipe === undefined || recipes.length > 1)
    throw new OsrunError('USAGE_INVALID', `--step is for one recipe, and these are ${recipes.length}.`)
  const part = partOf(recipe, step, given)
  if (part.prepared.length > 0)
    warn(`Of the earlier steps run those that the chosen ones need: ${part.prepared.join(', ')}.`)
  return [part.recipe]
}

type GateParts = {
  readonly given: GivenInputs
  readonly talk: OutputStream
  /** That of the run; asked for when it is open. */
  source(): OpenSource
}

/** The prompt at the steps that `--break` names; undefined where it names none. Throws USAGE_INVALID for what cannot be. */
export function gateOf(
  recipes: readonly Recipe[],
  flags: DebugFlags,
  { given, talk, source }: GateParts,
  io: Io,
): Gate | undefined {
  if (flags.break === undefined) return undefined
  if ((flags.jobs ?? 1) > 1)
    throw new OsrunError('USAGE_INVALID', '--break is for one recipe at a time, and --jobs says more.')
  checkBreaks(flags.break, recipes)
  const reload = async (file: string): Promise<Recipe> => {
    const [recipe] = partsOf(await loadRecipes([file], flags, io), flags, given, warnTo(io))
    if (recipe === undefined) throw new OsrunError('INTERNAL', `"${file}" holds no recipe.`)
    return recipe
  }
  const plan = (recipe: Recipe): Promise<Plan> => {
    const { cloud, environment } = source()
    return maskedPlan(recipe, {
      inputs: resolveInputs(recipe, given),
      cloud,
      environment,
    })
  }
  return createPrompt({ breaks: flags.break, talk, reload, plan }, io)
}
