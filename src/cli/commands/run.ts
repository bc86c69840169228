import { Command, Option } from 'commander'
import { errorCodes } from '../../model/error-codes.ts'
import type { Transport } from '../../model/exchange.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Output, ReportOptions, Verbosity } from '../../model/reporter.ts'
import { partOf } from '../../recipe/part.ts'
import type { GivenInputs } from '../../recipe/resolve-inputs.ts'
import { resolveInputs } from '../../recipe/resolve-inputs.ts'
import { variantsOf } from '../../recipe/variants.ts'
import { reportKinds } from '../../report/index.ts'
import { terminalReporter } from '../../report/terminal.ts'
import type { SuiteOptions } from '../../run/run-suite.ts'
import { runSuite } from '../../run/run-suite.ts'
import { refuseScripts } from '../../run/step-script.ts'
import { tee } from '../../run/tee.ts'
import { verbs } from '../../steps/index.ts'
import { visible } from '../../util/visible.ts'
import { askOnTerminal } from '../ask.ts'
import type { CloudFlags, OpenCloud } from '../cloud-flags.ts'
import { addCloudFlags, openCloud } from '../cloud-flags.ts'
import { durationFor } from '../duration-flag.ts'
import { addIncludeFlag, type IncludeFlag } from '../include-flag.ts'
import { collectInput, givenInputs, type InputFlags } from '../input-flags.ts'
import { listenForInterrupts } from '../interrupts.ts'
import { type LastFailed, lastFailedOf, wholePath } from '../last-failed.ts'
import { outputOf } from '../output.ts'
import { printError } from '../print-error.ts'
import { checkBreaks, collectBreak } from '../prompt/breaks.ts'
import { createPrompt } from '../prompt/prompt.ts'
import { loadRecipes } from '../recipe-files.ts'
import type { ReportTarget } from '../report-files.ts'
import { collectReport, writeReport } from '../report-files.ts'
import { stateFolder } from '../state-folder.ts'
import { addSuiteFlags, chosenRecipes, type SuiteFlags } from '../suite-flags.ts'
import { version } from '../version.ts'
import type { Via } from '../via.ts'
import { parseVia, transportVia } from '../via.ts'
import { explain } from './explain.ts'

/** What the command line says of a run; camel-cased flag names, as commander gives them. */
export type RunFlags = CloudFlags &
  SuiteFlags &
  InputFlags &
  IncludeFlag & {
    readonly deadline?: number
    readonly via?: Via
    readonly dryRun?: boolean
    readonly readOnly?: boolean
    readonly report?: readonly ReportTarget[]
    readonly reveal?: boolean
    readonly curl: boolean
    readonly explainCurl?: boolean
    readonly allowRun?: boolean
    readonly ask: boolean
    readonly step?: string
    readonly break?: readonly string[]
    readonly keepToken?: boolean
    readonly ledger: boolean
    readonly quiet?: boolean
    readonly verbose?: number
  }

/** `osrun run`, which is also `osrun RECIPE`: runs recipes, one after the other or several at a time. */
export function runCommand(setStatus: (status: number) => void): Command {
  const command = new Command('run')
    .description('run recipes; this is what `osrun RECIPE` does')
    .argument('<recipe...>', 'recipe files and folders')
    .option(
      '--step <id..id>',
      'run a part of one recipe: from one step to another; also ID, ID.. and ..ID; what it needs of token and endpoint is got first',
    )
    .option(
      '--break <id>',
      'stop before this step and ask what to do; failure: after any that does not pass; may be repeated',
      collectBreak,
    )
  return addRunFlags(command).action(async (paths: readonly string[], flags: RunFlags) => {
    setStatus(await runPaths(paths, flags))
  })
}

/** Adds every flag of a run: of the run itself, of suites and of the cloud. */
export function addRunFlags(command: Command): Command {
  command
    .option('-i, --input <name=value>', "an input's value; may be repeated", collectInput)
    .option('--inputs <file>', 'inputs from a YAML or JSON file')
    .option(
      '--deadline <duration>',
      'end all recipes after 90s, 5m ...; cleaning up has 30 s more',
      durationFor('--deadline'),
    )
    .option('--via <transport>', 'send by undici, or curl: what is printed is what runs', parseVia)
    .option(
      '--report <kind=path>',
      `write a report, to - for standard output; may be repeated; kinds: ${reportKinds.map(({ kind }) => kind).join(', ')}`,
      collectReport,
    )
    .option('--reveal', 'print curl lines with the secrets in them')
    .option('--no-curl', 'print no curl lines')
    .addOption(
      new Option('--dry-run', 'send nothing: show the plan, as osrun explain does').conflicts([
        'reveal',
        'report',
        'list',
      ]),
    )
    .option('--read-only', 'refuse every request that could change something')
    .addOption(
      new Option(
        '--explain-curl',
        'say what each option of a curl line is for, where it appears first',
      ).conflicts('curl'),
    )
    .option('--allow-run', 'let recipes run scripts; read them first')
    .option('--no-ask', 'ask nothing at a pause with a question, and go on')
    .option('--keep-token', 'do not revoke tokens at the end')
    .option('--no-ledger', 'do not write down what recipes create, for `osrun sweep`')
    .option('-q, --quiet', 'print failures and the verdict only')
    .addOption(
      new Option('-v, --verbose', 'print headers; twice: bodies too').argParser(
        (_text, before: number | undefined) => (before ?? 0) + 1,
      ),
    )
  return addCloudFlags(addSuiteFlags(addIncludeFlag(command)))
}

/**
 * Runs recipe files and folders of them, and gives the exit status. Whoever asks for a report with a convention of its
 * own, as Nagios has, reads the status by it.
 */
export async function runPaths(paths: readonly string[], flags: RunFlags): Promise<number> {
  const toExit = flags.report?.find(({ kind }) => kind.toExit !== undefined)?.kind.toExit
  if (toExit === undefined) return run(paths, flags)
  try {
    return toExit(await run(paths, flags))
  } catch (error) {
    printError(error)
    return toExit(errorCodes[toProblem(error).code].exit)
  }
}

async function run(paths: readonly string[], flags: RunFlags): Promise<number> {
  using interrupts = listenForInterrupts()
  const lastFailed = await lastFailedOf(paths, stateFolder('last-failed'), warn)
  const given = await givenInputs(flags)
  const loaded = await loadRecipes(paths, flags)
  const variants = partsOf(loaded, flags.step, given).flatMap((recipe) => variantsOf(recipe, given))
  const recipes = choose(variants, flags, lastFailed)
  if (flags.list === true) {
    process.stdout.write(recipeList(recipes))
    return 0
  }
  if (flags.dryRun === true) return explain([...new Set(recipes)], flags)
  const permission = { allowRun: flags.allowRun === true, readOnly: flags.readOnly === true }
  for (const { steps } of recipes) refuseScripts(steps, permission)
  if (flags.break !== undefined) {
    if ((flags.jobs ?? 1) > 1)
      throw new OsrunError('USAGE_INVALID', '--break is for one recipe at a time, and --jobs says more.')
    checkBreaks(flags.break, recipes)
  }
  const inputs = recipes.map((recipe) => resolveInputs(recipe, given))
  await using opened = await openCloud(flags)
  await using sending = openTransport(flags.via, opened)
  const targets = flags.report ?? []
  // A report on standard output has it for itself.
  const talk = targets.some(({ path }) => path === '-') ? process.stderr : process.stdout
  const breakpoint =
    flags.break === undefined
      ? undefined
      : createPrompt({
          breaks: flags.break,
          talk,
          reload: async (file) => {
            const [recipe] = partsOf(await loadRecipes([file], flags), flags.step, given)
            if (recipe === undefined) throw new OsrunError('INTERNAL', `"${file}" holds no recipe.`)
            return recipe
          },
        })
  // Whoever runs several at a time cannot tell which of them asks.
  const canAsk = flags.ask && (flags.jobs ?? 1) === 1
  const options: SuiteOptions = {
    ask: canAsk ? askOnTerminal(talk) : undefined,
    cloud: opened.cloud,
    breakpoint,
    environment: opened.environment,
    ...(sending.transport && { transport: sending.transport }),
    signal: interrupts.signal,
    abortCleanup: interrupts.abortCleanup,
    ...(flags.deadline !== undefined && { deadline: flags.deadline }),
    ...(flags.jobs !== undefined && { jobs: flags.jobs }),
    failFast: flags.failFast === true,
    ...ledgerOf(flags),
    ...permission,
    keepTokens: flags.keepToken === true,
    reveal: flags.reveal === true,
    explainCurl: flags.explainCurl === true,
    userAgent: `osrun/${version} node/${process.versions.node}`,
  }
  const show: ReportOptions = { verbosity: verbosityOf(flags), curl: flags.curl }
  await lastFailed.begin(recipes)
  const suite = runSuite(
    recipes.map((recipe, index) => ({ recipe, inputs: inputs[index] ?? {} })),
    options,
  )
  const { copies, pump } = tee(suite, targets.length + 1)
  const [live, ...rest] = copies
  const reports = await Promise.allSettled([
    live === undefined ? undefined : terminalReporter(live, liveOutput(talk, breakpoint !== undefined), show),
    ...targets.map((target, index) => writeReport(target, rest[index] ?? (async function* () {})(), show)),
    pump(),
  ])
  const broken = reports.flatMap((report) => (report.status === 'rejected' ? [report.reason as unknown] : []))
  broken.forEach(printError)
  const { exit, results } = await suite.result
  await lastFailed.end(recipes, results)
  return exit === 0 && broken.length > 0 ? 1 : exit
}

// Where a prompt is, no line moves.
function liveOutput(stream: NodeJS.WriteStream, hasPrompt: boolean): Output {
  const output = outputOf(stream)
  return hasPrompt ? { ...output, isTerminal: false } : output
}

// What a part needs of the rest is a question of one recipe.
function partsOf(
  recipes: readonly Recipe[],
  range: string | undefined,
  given: GivenInputs,
): readonly Recipe[] {
  if (range === undefined) return recipes
  const [recipe] = recipes
  if (recipe === undefined || recipes.length > 1)
    throw new OsrunError('USAGE_INVALID', `--step is for one recipe, and these are ${recipes.length}.`)
  const part = partOf(recipe, range, { verbs, given })
  if (part.prepared.length > 0)
    warn(`Of the earlier steps run those that the chosen ones need: ${part.prepared.join(', ')}.`)
  return [part.recipe]
}

// As pytest: where nothing failed, or nothing that is chosen now, all are run.
function choose(recipes: readonly Recipe[], flags: RunFlags, { files }: LastFailed): readonly Recipe[] {
  if (flags.lastFailed !== true) return chosenRecipes(recipes, flags)
  const hasFailed = (recipe: Recipe): boolean => files.has(wholePath(recipe))
  const chosen = chosenRecipes(recipes, flags, hasFailed)
  if (!chosen.some(hasFailed))
    warn('None of these recipes failed in the last run of the same paths: all are run.')
  return chosen
}

function warn(message: string): void {
  process.stderr.write(`note: ${visible(message)}\n`)
}

// The sandbox takes with it whatever was created there.
function ledgerOf(flags: RunFlags): Pick<SuiteOptions, 'ledger'> {
  const folder = stateFolder('ledgers')
  if (folder === undefined || !flags.ledger || flags.sandbox === true) return {}
  return { ledger: { folder, pid: process.pid } }
}

// Without --via the suite makes the transport that is its own.
function openTransport(
  via: Via | undefined,
  opened: OpenCloud,
): AsyncDisposable & { readonly transport: Transport | undefined } {
  const transport = via === undefined ? undefined : transportVia(via, opened)
  return { transport, [Symbol.asyncDispose]: async () => await transport?.close() }
}

function recipeList(recipes: readonly Recipe[]): string {
  const width = Math.max(...recipes.map(({ file }) => file.length))
  return recipes
    .map(({ file, name, tags, locks }) => {
      const marks = tags.length > 0 ? ` [${tags.join(', ')}]` : ''
      const held = locks.length > 0 ? ` (locks ${locks.join(', ')})` : ''
      return visible(`${file.padEnd(width)}  ${name}${marks}${held}`)
    })
    .map((line) => `${line}\n`)
    .join('')
}

function verbosityOf(flags: RunFlags): Verbosity {
  if (flags.quiet === true) return 'quiet'
  if ((flags.verbose ?? 0) >= 2) return 'bodies'
  return flags.verbose === 1 ? 'headers' : 'normal'
}
