import { Argument, Command } from 'commander'
import type { CommandContext } from '../io.ts'
import { bashCompletion } from './bash.ts'
import { fishCompletion } from './fish.ts'
import { zshCompletion } from './zsh.ts'

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

/** `osrun completion SHELL`: the script that makes a shell complete osrun's command lines. */
export function completionCommand({ io }: Pick<CommandContext, 'io'>): Command {
  return new Command('completion')
    .description('print the script that completes command lines of osrun in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(scripts)))
    .action((shell: keyof typeof scripts) => {
      io.stdout.write(scripts[shell])
    })
}
