import { Command } from 'commander'
import { shippedFolder } from '../shipped-folder.ts'
import { addRunFlags, type RunFlags, runPaths } from './run.ts'

/** `osrun smoke`: runs the recipes for checking a cloud that come with the program, with all the flags of `osrun run`. */
export function smokeCommand(setStatus: (status: number) => void): Command {
  const command = new Command('smoke').description(
    'check a cloud by the recipes that come with osrun, four at a time; with --read-only by those that change nothing',
  )
  return addRunFlags(command).action(async (flags: RunFlags) => {
    setStatus(await runPaths([shippedFolder('smoke')], smokeFlags(flags)))
  })
}

function smokeFlags(flags: RunFlags): RunFlags {
  const tag = [...(flags.tag ?? []), ...(flags.readOnly === true ? ['!writes'] : [])]
  return { jobs: 4, ...flags, tag }
}
