import { Command } from 'commander'
import { printError } from '../print-error.ts'
import { loadEach, recipeFiles } from '../recipe-files.ts'

/** `osrun check`: whether recipes follow the language, without any network. */
export function checkCommand(setStatus: (status: number) => void): Command {
  return new Command('check')
    .description('check recipes without sending anything')
    .argument('<recipe...>', 'recipe files and folders')
    .option('-q, --quiet', 'print problems only')
    .action(async (paths: readonly string[], flags: { readonly quiet?: boolean }) => {
      let problems = 0
      const files = await recipeFiles(paths)
      for await (const one of loadEach(files)) {
        if ('error' in one) {
          problems += one.error.problems.length
          printError(one.error)
        } else if (flags.quiet !== true)
          process.stdout.write(`${one.file}: good, ${count(one.recipe.steps.length, 'step')}\n`)
      }
      if (problems > 0)
        process.stderr.write(`${count(problems, 'problem')} in ${count(files.length, 'file')}\n`)
      setStatus(problems > 0 ? 2 : 0)
    })
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
