import type { Command } from 'commander'
import { OsrunError } from '../../model/problem.ts'
import type { FaultSetting } from '../../sandbox/faults/setting.ts'
import { nearest } from '../../util/text/nearest.ts'

/** Adds `--fault`, which may be repeated. */
export function addFaultFlag(command: Command): Command {
  return command.option(
    '--fault <name=value>',
    'break something in the sandbox; may be repeated; `osrun sandbox --list-faults` lists them',
    (text: string, before: readonly string[] = []) => [...before, text],
  )
}

/** Reads what `--fault` was given; a name that there is not is told with the nearest one. */
export async function faultSettings(
  given: readonly string[] | undefined,
  options: { readonly hasTls: boolean },
): Promise<readonly FaultSetting[]> {
  if (given === undefined) return []
  const { faults, readFault } = await import('../../sandbox/faults/index.ts')
  const names = faults.map(({ name }) => name)
  return given.map((text) => {
    const read = readFault(text, options)
    if (!('problem' in read)) return read
    const near = read.unknown === undefined ? undefined : nearest(read.unknown, names)
    throw new OsrunError('USAGE_INVALID', read.problem, {
      hint:
        near === undefined ? '`osrun sandbox --list-faults` lists what there is.' : `Did you mean ${near}?`,
    })
  })
}

/** The faults with what they break, for completion. */
export async function faultNames(): Promise<readonly { readonly word: string; readonly meaning: string }[]> {
  const { faults } = await import('../../sandbox/faults/index.ts')
  return faults.map(({ name, summary, value }) => ({
    word: name,
    meaning: value ? `${summary} (${name}=${value.default})` : summary,
  }))
}
