import { Command } from 'commander'
import type { Problem } from '../../model/problem.ts'
import { OsrunError, withoutRepeats } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { variantsOf } from '../../recipe/choose/variants.ts'
import { doubtsOf } from '../../recipe/doubts.ts'
import { verbs } from '../../steps/index.ts'
import { addIncludeFlag, type IncludeFlag } from '../flags/include-flag.ts'
import type { CommandContext } from '../io.ts'
import { loadEach, recipeFiles } from '../recipes/recipe-files.ts'
import { printError, printWarning } from '../terminal/print-error.ts'

type CheckFlags = IncludeFlag & { readonly quiet?: boolean }

/** `osrun check`: whether recipes follow the language, without any network. */
export function checkCommand({ io, setStatus }: CommandContext): Command {
  const command = new Command('check')
    .description('check recipes without sending anything')
    .argument('<recipe...>', 'recipe files and folders')
    .option('-q, --quiet', 'print problems only')
  return addIncludeFlag(command).action(async (paths: readonly string[], flags: CheckFlags) => {
    const told: Problem[] = []
    const files = await recipeFiles(paths, io)
    for await (const one of loadEach(files, flags, io)) {
      if ('recipe' in one) {
        for (const doubt of doubtsOf(one.recipe, verbs)) printWarning(doubt, io)
        if (flags.quiet !== true)
          io.stdout.write(`${one.file}: good, ${count(one.recipe.steps.length, 'step')}${runs(one.recipe)}\n`)
      } else {
        const { code, message, problems } = one.error
        const fresh = withoutRepeats([...told, ...problems]).slice(told.length)
        told.push(...fresh)
        if (fresh.length > 0) printError(new OsrunError(code, message, { problems: fresh }), io)
      }
    }
    if (told.length > 0)
      io.stderr.write(`${count(told.length, 'problem')} in ${count(files.length, 'file')}\n`)
    setStatus(told.length > 0 ? 2 : 0)
  })
}

function runs(recipe: Recipe): string {
  const variants = variantsOf(recipe).length
  return variants > 1 ? `, ${variants} runs` : ''
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
