import { Command, Option } from 'commander'
import type { RunResult, SafeEvent } from '../../model/event.ts'
import type { Transport } from '../../model/exchange.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { ReportOptions, Verbosity } from '../../model/reporter.ts'
import { resolveInputs } from '../../recipe/resolve-inputs.ts'
import { terminalReporter } from '../../report/terminal.ts'
import type { RunOptions } from '../../run/run-recipe.ts'
import { runRecipe } from '../../run/run-recipe.ts'
import { tee } from '../../run/tee.ts'
import { parseDuration } from '../../util/duration.ts'
import type { CloudFlags, OpenCloud } from '../cloud-flags.ts'
import { addCloudFlags, openCloud } from '../cloud-flags.ts'
import { collectInput, environmentInputs, readInputsFile } from '../input-flags.ts'
import { listenForInterrupts } from '../interrupts.ts'
import { outputOf } from '../output.ts'
import { printError } from '../print-error.ts'
import { loadRecipes } from '../recipe-files.ts'
import type { ReportTarget } from '../report-files.ts'
import { collectReport, writeReport } from '../report-files.ts'
import { version } from '../version.ts'
import type { Via } from '../via.ts'
import { parseVia, transportVia } from '../via.ts'

type RunFlags = CloudFlags & {
  readonly input?: Readonly<Record<string, string>>
  readonly inputs?: string
  readonly deadline?: number
  readonly via?: Via
  readonly report?: readonly ReportTarget[]
  readonly reveal?: boolean
  readonly curl: boolean
  readonly keepToken?: boolean
  readonly quiet?: boolean
  readonly verbose?: number
}

/** `osrun run`, which is also `osrun RECIPE`: runs recipes one after the other. */
export function runCommand(setStatus: (status: number) => void): Command {
  const command = new Command('run')
    .description('run recipes; this is what `osrun RECIPE` does')
    .argument('<recipe...>', 'recipe files and folders')
    .option('-i, --input <name=value>', "an input's value; may be repeated", collectInput)
    .option('--inputs <file>', 'inputs from a YAML or JSON file')
    .option('--deadline <duration>', 'end the run after 90s, 5m ...; cleaning up has 30 s more', duration)
    .option('--via <transport>', 'send by undici, or curl: what is printed is what runs', parseVia)
    .option('--report <kind=path>', 'write a report: json=FILE or junit=FILE; may be repeated', collectReport)
    .option('--reveal', 'print curl lines with the secrets in them')
    .option('--no-curl', 'print no curl lines')
    .option('--keep-token', 'do not revoke tokens at the end')
    .option('-q, --quiet', 'print failures and the verdict only')
    .addOption(
      new Option('-v, --verbose', 'print headers; twice: bodies too').argParser(
        (_text, before: number | undefined) => (before ?? 0) + 1,
      ),
    )
  return addCloudFlags(command).action(async (paths: readonly string[], flags: RunFlags) => {
    setStatus(await run(paths, flags))
  })
}

function duration(text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds !== undefined) return milliseconds
  throw new OsrunError('USAGE_INVALID', `--deadline takes a duration, and got "${text}".`, {
    hint: 'A number and a unit: 500ms, 90s, 5m, 1h.',
  })
}

async function run(paths: readonly string[], flags: RunFlags): Promise<number> {
  using interrupts = listenForInterrupts()
  const recipes = await loadRecipes(paths)
  const given = {
    flags: flags.input ?? {},
    file: await readInputsFile(flags.inputs),
    environment: environmentInputs(process.env),
  }
  const inputs = recipes.map((recipe) => resolveInputs(recipe, given))
  await using opened = await openCloud(flags)
  await using sending = openTransport(flags.via, opened)
  const options: RunOptions = {
    cloud: opened.cloud,
    environment: opened.environment,
    ...(sending.transport && { transport: sending.transport }),
    signal: interrupts.signal,
    abortCleanup: interrupts.abortCleanup,
    ...(flags.deadline !== undefined && { deadline: flags.deadline }),
    keepTokens: flags.keepToken === true,
    reveal: flags.reveal === true,
    userAgent: `osrun/${version} node/${process.versions.node}`,
  }
  const results: RunResult[] = []
  const show: ReportOptions = { verbosity: verbosityOf(flags), curl: flags.curl }
  const targets = flags.report ?? []
  const { copies, pump } = tee(runAll(recipes, inputs, options, results), targets.length + 1)
  const [live, ...rest] = copies
  const reports = await Promise.allSettled([
    live === undefined ? undefined : terminalReporter(live, outputOf(process.stdout), show),
    ...targets.map((target, index) => writeReport(target, rest[index] ?? (async function* () {})(), show)),
    pump(),
  ])
  const broken = reports.flatMap((report) => (report.status === 'rejected' ? [report.reason as unknown] : []))
  broken.forEach(printError)
  const exit = exitOf(results)
  return exit === 0 && broken.length > 0 ? 1 : exit
}

// Without --via each run makes the transport that is its own.
function openTransport(
  via: Via | undefined,
  opened: OpenCloud,
): AsyncDisposable & { readonly transport: Transport | undefined } {
  const transport = via === undefined ? undefined : transportVia(via, opened)
  return { transport, [Symbol.asyncDispose]: async () => await transport?.close() }
}

async function* runAll(
  recipes: readonly Recipe[],
  inputs: readonly NonNullable<RunOptions['inputs']>[],
  options: RunOptions,
  results: RunResult[],
): AsyncGenerator<SafeEvent> {
  for (const [index, recipe] of recipes.entries()) {
    if (options.signal?.aborted === true) return
    const running = runRecipe(recipe, { ...options, inputs: inputs[index] ?? {} })
    yield* running
    results.push(await running.result)
  }
}

function verbosityOf(flags: RunFlags): Verbosity {
  if (flags.quiet === true) return 'quiet'
  if ((flags.verbose ?? 0) >= 2) return 'bodies'
  return flags.verbose === 1 ? 'headers' : 'normal'
}

// The first failure decides; one of cleaning up gives way to any other.
function exitOf(results: readonly RunResult[]): number {
  const exits = results.map(({ exit }) => exit).filter((exit) => exit !== 0)
  if (exits.includes(130)) return 130
  return exits.find((exit) => exit !== 6) ?? exits[0] ?? 0
}
