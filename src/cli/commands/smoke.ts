import { Command } from 'commander'
import { inPackage } from '../files/package-folder.ts'
import type { CommandContext } from '../io.ts'
import { addRunFlags, type RunFlags, runPaths } from './run.ts'

/** `osrun smoke`: runs the recipes for checking a cloud that come with the program, with all the flags of `osrun run`. */
export function smokeCommand({ io, setStatus }: CommandContext): Command {
  const command = new Command('smoke').description(
    'check a cloud by the recipes that come with osrun, four at a time; with --read-only by those that change nothing',
  )
  const verbose = 'print every step; twice: headers too; three times: bodies too'
  return addRunFlags(command, verbose).action(async (flags: RunFlags) => {
    setStatus(await runPaths([inPackage('recipes', 'smoke')], smokeFlags(flags), io))
  })
}

// Of thirty recipes nobody reads what passed: a line each, unless more is asked for.
function smokeFlags(flags: RunFlags): RunFlags {
  const tag = [...(flags.tag ?? []), ...(flags.readOnly === true ? ['!writes'] : [])]
  const { verbose = 0, reveal, explainCurl } = flags
  const brief = verbose === 0 && reveal !== true && explainCurl !== true
  return { jobs: 4, ...flags, tag, brief, verbose: verbose - 1 }
}
