import { Command, Option } from 'commander'
import { errorCodes } from '../../model/error-codes.ts'
import { toProblem } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Output, Verbosity } from '../../model/reporter.ts'
import { type GivenInputs, resolveInputs } from '../../recipe/choose/resolve-inputs.ts'
import { inputsOfSuite } from '../../recipe/choose/suite-inputs.ts'
import { variantsOf } from '../../recipe/choose/variants.ts'
import { reportKinds } from '../../report/index.ts'
import { createRecorder } from '../../run/recording/recorder.ts'
import { refuseScripts, type ScriptPermission } from '../../run/script/step-script.ts'
import { runSuite } from '../../run/suite/run-suite.ts'
import type { SuiteEntry, SuiteOptions } from '../../run/suite/suite-options.ts'
import { stateFolder } from '../files/state-folder.ts'
import { writeWholeFile } from '../files/whole-file.ts'
import { addCloudFlags, type CloudFlags } from '../flags/cloud-flags.ts'
import { addDebugFlags, type DebugFlags, gateOf, partsOf } from '../flags/debug-flags.ts'
import { durationFor } from '../flags/duration-flag.ts'
import { addIncludeFlag, type IncludeFlag } from '../flags/include-flag.ts'
import { collectInput, givenInputs, type InputFlags } from '../flags/input-flags.ts'
import { addPermissionFlags, type PermissionFlags, permissionsOf } from '../flags/permission-flags.ts'
import { addRecordFlag, addReplayFlag, openSource, type RecordingFlags } from '../flags/recording-flags.ts'
import { addSuiteFlags, type SuiteFlags } from '../flags/suite-flags.ts'
import { openTransport, parseVia, type Via } from '../flags/via-flag.ts'
import type { CommandContext, Io, OutputStream } from '../io.ts'
import { chooseRecipes, lastFailedOf } from '../recipes/last-failed.ts'
import { loadRecipes } from '../recipes/recipe-files.ts'
import { recipeList } from '../recipes/recipe-list.ts'
import type { ReportTarget } from '../recipes/report-files.ts'
import { collectReport, prepareFiles } from '../recipes/report-files.ts'
import { tellSuite } from '../recipes/tell-suite.ts'
import { addWatchFlag, type WatchFlags, watchRuns } from '../recipes/watch.ts'
import { askOnTerminal } from '../terminal/ask.ts'
import { listenForInterrupts } from '../terminal/interrupts.ts'
import { outputOf } from '../terminal/output.ts'
import { printError } from '../terminal/print-error.ts'
import { warnTo } from '../terminal/warn.ts'
import { userAgentOf } from '../version.ts'
import { explain } from './explain.ts'

/** What the command line says of a run; camel-cased flag names, as commander gives them. */
export type RunFlags = CloudFlags &
  SuiteFlags &
  InputFlags &
  RecordingFlags &
  DebugFlags &
  WatchFlags &
  IncludeFlag &
  PermissionFlags & {
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
    readonly keepToken?: boolean
    readonly ledger: boolean
    readonly quiet?: boolean
    /** A line for each recipe that passed; set by `osrun smoke`. */
    readonly brief?: boolean
    readonly verbose?: number
  }

/** `osrun run`, which is also `osrun RECIPE`: runs recipes, one after the other or several at a time. */
export function runCommand({ io, setStatus }: CommandContext): Command {
  const command = new Command('run')
    .description('run recipes; this is what `osrun RECIPE` does')
    .argument('<recipe...>', 'recipe files and folders')
  addRunFlags(addWatchFlag(addDebugFlags(command.optionsGroup('Step by step:'))))
  return command.action(async (paths: readonly string[], flags: RunFlags) => {
    const run = (): Promise<number> => runPaths(paths, flags, io)
    setStatus(await (flags.watch === true ? watchRuns(paths, flags, run, io) : run()))
  })
}

/** Adds every flag of a run: of the run itself, of suites and of the cloud; `verbose` says what `-v` does. */
export function addRunFlags(command: Command, verbose = 'print headers; twice: bodies too'): Command {
  command
    .optionsGroup('How it runs:')
    .option('-i, --input <name=value>', "an input's value; may be repeated", collectInput)
    .option('--inputs <file>', 'inputs from a YAML or JSON file')
    .option(
      '--deadline <duration>',
      'end all recipes after 90s, 5m ...; cleaning up has 30 s more',
      durationFor('--deadline'),
    )
    .option('--via <transport>', 'send by undici, or curl: what is printed is what runs', parseVia)
    .option('--read-only', 'refuse every request that could change something')
    .option('--no-ask', 'ask nothing at a pause with a question, and go on')
    .option('--keep-token', 'do not revoke tokens at the end')
    .option('--no-ledger', 'do not write down what recipes create, for `osrun sweep`')
    .addOption(
      new Option('--dry-run', 'send nothing: show the plan, as osrun explain does').conflicts([
        'reveal',
        'report',
        'list',
      ]),
    )
    .optionsGroup('What is told:')
    .option(
      '--report <kind=path>',
      `write a report, to - for standard output; may be repeated; kinds: ${reportKinds.map(({ kind }) => kind).join(', ')}`,
      collectReport,
    )
    .option('--reveal', 'print curl lines with the secrets in them')
    .option('--no-curl', 'print no curl lines')
    .addOption(
      new Option(
        '--explain-curl',
        'say what each option of a curl line is for, where it appears first',
      ).conflicts('curl'),
    )
    .option('-q, --quiet', 'print failures and the verdict only')
    .addOption(
      new Option('-v, --verbose', verbose).argParser(
        (_text, before: number | undefined) => (before ?? 0) + 1,
      ),
    )
  addReplayFlag(addRecordFlag(command))
  command
    .optionsGroup('What recipes may do:')
    .option('--allow-run', 'let recipes run scripts; read them first')
  return addCloudFlags(addSuiteFlags(addIncludeFlag(addPermissionFlags(command))))
}

/**
 * Runs recipe files and folders of them, and gives the exit status. Whoever asks for a report with a convention of its
 * own, as Nagios has, reads the status by it.
 */
export async function runPaths(paths: readonly string[], flags: RunFlags, io: Io): Promise<number> {
  const toExit = flags.report?.find(({ kind }) => kind.toExit !== undefined)?.kind.toExit
  if (toExit === undefined) return run(paths, flags, io)
  try {
    return toExit(await run(paths, flags, io))
  } catch (error) {
    printError(error, io)
    return toExit(errorCodes[toProblem(error).code].exit)
  }
}

async function run(paths: readonly string[], flags: RunFlags, io: Io): Promise<number> {
  using interrupts = listenForInterrupts(io)
  const warn = warnTo(io)
  const folder = flags.replay === undefined ? stateFolder('last-failed', io) : undefined
  const lastFailed = await lastFailedOf(paths, { folder, cwd: io.cwd }, warn)
  const given = await givenInputs(flags, io)
  const loaded = await loadRecipes(paths, flags, io)
  const inputsOf = inputsOfSuite(loaded, given)
  const variants = partsOf(loaded, flags, given, warn).flatMap((recipe) =>
    variantsOf(recipe, inputsOf(recipe)),
  )
  const recipes = chooseRecipes(variants, flags, lastFailed, warn)
  if (flags.list === true) {
    io.stdout.write(recipeList(recipes))
    return 0
  }
  if (flags.dryRun === true) return explain([...new Set(recipes)], flags, io)
  for (const { steps } of recipes) refuseScripts(steps, permissionOf(flags))
  await prepareFiles(flags, io.cwd)
  // A report on standard output has it for itself.
  const talk = flags.report?.some(({ path }) => path === '-') === true ? io.stderr : io.stdout
  const gate = gateOf(recipes, flags, { given, talk, source: () => source }, io)
  const live = flags.replay === undefined ? recipes.map((recipe) => entryOf(recipe, inputsOf(recipe))) : []
  await using source = await openSource(flags, io)
  const { replay } = source
  if (replay !== undefined) warn(`The answers are those of the recording "${flags.replay}"; nothing is sent.`)
  const entries = replay === undefined ? live : recipes.map(replay.entryOf)
  await using sending = openTransport(flags.via, source)
  const record = flags.record === undefined ? undefined : createRecorder(source.cloud)
  await lastFailed.begin(recipes)
  const suite = runSuite(entries, {
    ...optionsOf(flags, talk, io),
    cloud: source.cloud,
    environment: source.environment,
    record,
    gate,
    ...(sending.transport && { transport: sending.transport }),
    signal: interrupts.signal,
    abortCleanup: interrupts.abortCleanup,
  })
  const { result, broken, isLost } = await tellSuite(
    suite,
    {
      targets: flags.report ?? [],
      output: liveOutput(outputOf(talk, io), flags.break !== undefined),
      options: { verbosity: verbosityOf(flags), curl: flags.curl, recipes: entries.length },
      async keep({ results }) {
        await lastFailed.end(recipes, results)
        if (record !== undefined && flags.record !== undefined)
          await writeWholeFile(flags.record, record.text(), { what: 'recording', cwd: io.cwd })
      },
    },
    io,
  )
  for (const error of broken) printError(error, io)
  return result.exit === 0 && (broken.length > 0 || isLost) ? 1 : result.exit
}

function entryOf(recipe: Recipe, given: GivenInputs): SuiteEntry {
  return { recipe, inputs: resolveInputs(recipe, given) }
}

function permissionOf({ allowRun, readOnly }: RunFlags): ScriptPermission {
  return { allowRun: allowRun === true, readOnly: readOnly === true }
}

function optionsOf(flags: RunFlags, talk: OutputStream, io: Io): SuiteOptions {
  // Whoever runs several at a time cannot tell which of them asks.
  const canAsk = flags.ask && (flags.jobs ?? 1) === 1
  return {
    ask: canAsk ? askOnTerminal(talk, io) : undefined,
    ...(flags.deadline !== undefined && { deadline: flags.deadline }),
    ...(flags.jobs !== undefined && { jobs: flags.jobs }),
    failFast: flags.failFast === true,
    ...ledgerOf(flags, io),
    ...permissionOf(flags),
    ...permissionsOf(flags, io),
    keepTokens: flags.keepToken === true,
    reveal: flags.reveal === true,
    explainCurl: flags.explainCurl === true,
    userAgent: userAgentOf(io),
  }
}

// Where a prompt is, no line moves.
function liveOutput(output: Output, hasPrompt: boolean): Output {
  return hasPrompt ? { ...output, isTerminal: false } : output
}

// The sandbox takes with it whatever was created there.
function ledgerOf(flags: RunFlags, io: Io): Pick<SuiteOptions, 'ledger'> {
  const folder = stateFolder('ledgers', io)
  const createsNothing = flags.sandbox === true || flags.replay !== undefined
  if (folder === undefined || !flags.ledger || createsNothing) return {}
  return { ledger: { folder, pid: io.pid } }
}

function verbosityOf(flags: RunFlags): Verbosity {
  if (flags.quiet === true) return 'quiet'
  if (flags.brief === true) return 'brief'
  if ((flags.verbose ?? 0) >= 2) return 'bodies'
  return flags.verbose === 1 ? 'headers' : 'normal'
}
