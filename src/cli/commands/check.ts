import { Command } from 'commander'
import { OsrunError } from '../../model/problem.ts'
import { loadRecipe } from '../../recipe/load.ts'
import { verbs } from '../../steps/index.ts'
import { printError } from '../print-error.ts'
import { recipeFiles } from '../recipe-files.ts'

/** `osrun check`: whether recipes follow the language, without any network. */
export function checkCommand(setStatus: (status: number) => void): Command {
  return new Command('check')
    .description('check recipes without sending anything')
    .argument('<recipe...>', 'recipe files and folders')
    .option('-q, --quiet', 'print problems only')
    .action(async (paths: readonly string[], flags: { readonly quiet?: boolean }) => {
      let problems = 0
      const files = await recipeFiles(paths)
      for (const file of files) {
        try {
          const recipe = await loadRecipe(file, { verbs })
          if (flags.quiet !== true)
            process.stdout.write(`${file}: good, ${count(recipe.steps.length, 'step')}\n`)
        } catch (error) {
          if (!(error instanceof OsrunError)) throw error
          problems += error.problems.length
          printError(error)
        }
      }
      if (problems > 0)
        process.stderr.write(`${count(problems, 'problem')} in ${count(files.length, 'file')}\n`)
      setStatus(problems > 0 ? 2 : 0)
    })
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
