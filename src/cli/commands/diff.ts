import { Command, Option } from 'commander'
import { OsrunError } from '../../model/problem.ts'
import type { RunDifference } from '../../report/diff/diff-runs.ts'
import { createPaint } from '../../report/text/paint.ts'
import { visible } from '../../util/text/visible.ts'
import { readWholeFile } from '../files/whole-file.ts'
import type { CommandContext, Io } from '../io.ts'
import { outputOf } from '../terminal/output.ts'

type DiffFlags = {
  readonly all?: boolean
  readonly ignore?: readonly string[]
  readonly factor: number
  readonly json?: boolean
  readonly rules?: boolean
}

/** `osrun diff`: what changed from one run to another, by their JSON reports. */
export function diffCommand({ io, setStatus }: CommandContext): Command {
  return new Command('diff')
    .description('compare two runs by their JSON reports; the status is 0 for the same, 4 for differences')
    .argument('[before]', 'a file of --report json=')
    .argument('[after]', 'another one')
    .option('--all', 'compare ids, times and such as well')
    .option(
      '--ignore <path>',
      'leave out what is at this path, where * is anything; may be repeated',
      collect,
    )
    .option('--factor <number>', 'tell a step that took that many times as long', toFactor, 5)
    .option('--json', 'write the differences as one JSON document')
    .addOption(new Option('--rules', 'list what is left out without --all').conflicts(['all', 'json']))
    .action(async (before: string | undefined, after: string | undefined, flags: DiffFlags) => {
      if (flags.rules === true) return printRules(io)
      if (before === undefined || after === undefined)
        throw new OsrunError('USAGE_INVALID', 'osrun diff takes two reports.', {
          hint: 'Make them by --report json=FILE.',
        })
      const [one, other] = [await readReport(before, io.cwd), await readReport(after, io.cwd)]
      const { diffRuns } = await import('../../report/diff/diff-runs.ts')
      const { all = false, ignore = [], factor } = flags
      const differences = diffRuns(one, other, { all, ignore, factor })
      const { write, color } = outputOf(io.stdout, io)
      write(
        flags.json === true ? `${JSON.stringify({ differences }, undefined, 2)}\n` : text(differences, color),
      )
      setStatus(differences.length === 0 ? 0 : 4)
    })
}

async function printRules({ stdout }: Pick<Io, 'stdout'>): Promise<void> {
  const { diffRules } = await import('../../report/diff/diff-rules.ts')
  for (const { name, meaning } of diffRules) stdout.write(`${name.padEnd(18)} ${meaning}\n`)
}

async function readReport(path: string, cwd: string): Promise<unknown> {
  const content = String(await readWholeFile(path, { what: 'report', cwd }))
  let found: unknown
  try {
    found = JSON.parse(content)
  } catch (cause) {
    throw noReport(path, 'is no JSON document', cause)
  }
  if (typeof found !== 'object' || found === null || !('runs' in found) || !Array.isArray(found.runs))
    throw noReport(path, 'is JSON, but no report of osrun', undefined)
  return found
}

function noReport(path: string, what: string, cause: unknown): OsrunError {
  return new OsrunError('USAGE_INVALID', `"${path}" ${what}.`, {
    cause,
    hint: 'Make it by --report json=FILE.',
  })
}

function text(differences: readonly RunDifference[], color: boolean): string {
  const paint = createPaint(color)
  if (differences.length === 0) return 'The runs are the same.\n'
  let place = ''
  let lines = ''
  for (const { file, step, path, before, after } of differences) {
    const own = visible(step === undefined ? file : `${file} ${step}`)
    if (own !== place) lines += `${paint.bold(own)}\n`
    place = own
    lines += `  ${visible(path)}\n    ${paint.red(`- ${shown(before)}`)}\n    ${paint.green(`+ ${shown(after)}`)}\n`
  }
  return `${lines}${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}\n`
}

function shown(value: string | undefined): string {
  if (value === undefined) return '(nothing)'
  return visible(value.length > 200 ? `${value.slice(0, 197)}...` : value)
}

function collect(path: string, before: readonly string[] = []): readonly string[] {
  return [...before, path]
}

function toFactor(written: string): number {
  const factor = Number(written)
  if (factor > 1 && Number.isFinite(factor)) return factor
  throw new OsrunError('USAGE_INVALID', `--factor takes a number above 1, and got "${written}".`)
}
