import type { Command } from 'commander'

/** The commands that a user is told of, in the order of the help text. */
export function visibleCommands(program: Command): readonly Command[] {
  const visible = new Set(program.createHelp().visibleCommands(program))
  return program.commands.filter((command) => visible.has(command))
}
