import { Command, Option } from 'commander'
import { OsrunError, toProblem } from '../../model/problem.ts'
import { wrap } from '../../report/text/wrap.ts'
import { parseDuration } from '../../util/duration.ts'
import { visible } from '../../util/text/visible.ts'
import { stateFolder } from '../files/state-folder.ts'
import { addCloudFlags, type CloudFlags, openCloud } from '../flags/cloud-flags.ts'
import { addIncludeFlag, type IncludeFlag } from '../flags/include-flag.ts'
import { collectInput, givenInputs, type InputFlags } from '../flags/input-flags.ts'
import { addPermissionFlags, type PermissionFlags, permissionsOf } from '../flags/permission-flags.ts'
import type { CommandContext, Io } from '../io.ts'
import type { CourseParts } from '../learn/course.ts'
import type { Learner } from '../learn/learner.ts'
import { cloudOfCards, cloudOfLessons, type LessonCloud } from '../open/lesson-cloud.ts'
import type { OpenCloud } from '../open/sandbox-cloud.ts'
import { type Interrupts, listenForInterrupts } from '../terminal/interrupts.ts'
import { outputOf } from '../terminal/output.ts'
import { warnTo } from '../terminal/warn.ts'
import { userAgentOf } from '../version.ts'
import { linkToBoard } from '../web/link-to-board.ts'
import { addWebFlags, type WebFlags, wantsBrowser } from '../web/web-flags.ts'

type LearnFlags = CloudFlags &
  InputFlags &
  IncludeFlag &
  PermissionFlags &
  WebFlags & { readonly auto?: string | true; readonly cards?: true }

/** Milliseconds between what an audience is shown, unless told otherwise. */
const usualPause = 4000

/** `osrun learn`: goes through a recipe step by step with somebody who learns, or offers the course. */
export function learnCommand({ io, setStatus }: CommandContext): Command {
  const command = new Command('learn')
    .description(
      'learn step by step from a recipe, or from the course that comes with osrun; on the sandbox unless a flag names a cloud',
    )
    .argument(
      '[recipe...]',
      'a recipe file, or a lesson by its number or name; with --web also folders, and several',
    )
    .addOption(
      new Option('--auto [pause]', 'play it for an audience, with a pause such as 3s after each thing'),
    )
    .option('--cards', 'cards instead of lessons: in each the sandbox has a fault that is to be found')
    .option('-i, --input <name=value>', "an input's value; may be repeated", collectInput)
    .option('--inputs <file>', 'inputs from a YAML or JSON file')
  return addCloudFlags(addIncludeFlag(addWebFlags(addPermissionFlags(command)))).action(
    async (words: readonly string[], flags: LearnFlags) => {
      if (flags.cards === true) checkCards(flags)
      if (wantsBrowser(flags)) return setStatus(await teachByBrowser(words, flags, io))
      const [given, another] = words
      if (another !== undefined)
        throw new OsrunError('USAGE_INVALID', `osrun learn takes one recipe, and got "${another}" too.`, {
          hint: '`osrun learn --web` takes several.',
        })
      const { word, pause } = readAuto(given, flags)
      setStatus(await learn({ word, pause }, flags, io))
    },
  )
}

// A card breaks its cloud.
function checkCards(flags: LearnFlags): void {
  if (flags.fault !== undefined || withCloud(flags).sandbox !== true)
    throw new OsrunError(
      'USAGE_INVALID',
      `--cards does not go with ${flags.fault === undefined ? 'a cloud of yours' : '--fault'}.`,
      { hint: 'Each card has a fault of its own, in a sandbox of its own.' },
    )
}

async function teachByBrowser(words: readonly string[], flags: LearnFlags, io: Io): Promise<number> {
  const { lessonFiles, cardFiles } = await import('../learn/lessons.ts')
  const { serveWeb } = await import('../web/serve-web.ts')
  const recipesOf = flags.cards === true ? cardFiles : lessonFiles
  const files = await Promise.all(
    (words.length === 0 ? [undefined] : words).map((word) => recipesOf(word, io)),
  )
  return serveWeb(files.flat(), withCloud(flags), io)
}

/** What is gone through, and after how many milliseconds by itself. */
type Played = { readonly word: string | undefined; readonly pause: number | undefined }

// `--auto lesson.yaml`: the word after it is no pause, but what is to be played.
function readAuto(word: string | undefined, { auto }: LearnFlags): Played {
  if (auto === undefined) return { word, pause: undefined }
  if (auto === true) return { word, pause: usualPause }
  const pause = parseDuration(auto)
  if (pause !== undefined) return { word, pause }
  if (word === undefined && !/^\d+[a-z]+$/i.test(auto)) return { word: auto, pause: usualPause }
  throw new OsrunError('USAGE_INVALID', `--auto takes a duration, and got "${auto}".`, {
    hint: 'A number and a unit: --auto=3s.',
  })
}

async function learn({ word, pause }: Played, flags: LearnFlags, io: Io): Promise<number> {
  if (pause === undefined && !(io.stdin.isTTY === true && io.stdout.isTTY === true))
    throw new OsrunError('USAGE_INVALID', 'osrun learn talks with you, and this is no terminal.', {
      hint: 'Run it in a terminal; `osrun learn --auto` plays it without one, and `osrun RECIPE` only runs a recipe.',
    })
  using interrupts = listenForInterrupts(io)
  await using board = await linkToBoard(flags, io)
  const { lessonFiles, cardFiles } = await import('../learn/lessons.ts')
  const { giveCourse } = await import('../learn/course.ts')
  const files = await (flags.cards === true ? cardFiles(word, io) : lessonFiles(word, io))
  await using clouds =
    flags.cards === true ? cloudOfCards(withCloud(flags), io) : await oneCloud(withCloud(flags), io)
  const ledgers = stateFolder('ledgers', io)
  const learner = await learnerOf(pause, interrupts.signal, io)
  const course: CourseParts = {
    onEvent: board?.tell,
    files,
    isCourse: word === undefined,
    noun: flags.cards === true ? 'card' : 'lesson',
    openCloud: clouds.openFor,
    include: flags,
    inputs: await givenInputs(flags, io),
    learner,
    // Nobody learns while it is played.
    folder: pause === undefined ? stateFolder('learn', io) : undefined,
    warn: warnTo(io),
    openShell: (variables, opened) => shellWith(variables, opened, { interrupts, learner, io }),
    options: {
      signal: interrupts.signal,
      abortCleanup: interrupts.abortCleanup,
      ...permissionsOf(flags, io),
      // The sandbox takes with it whatever was created there.
      ...(withCloud(flags).sandbox !== true &&
        ledgers !== undefined && { ledger: { folder: ledgers, pid: io.pid } }),
      userAgent: userAgentOf(io),
    },
  }
  // What is opened here is closed when the course has ended.
  return await giveCourse(course, io)
}

// What is wrong with the cloud is told before a lesson is chosen.
async function oneCloud(flags: CloudFlags, io: Io): Promise<LessonCloud> {
  const clouds = cloudOfLessons(() => openCloud(flags, io))
  await clouds.openFor()
  return clouds
}

// OS_AUTH_URL and the like are those by which the cloud was found, or else would have been.
async function shellWith(
  variables: Readonly<Record<string, string>>,
  { cloud, environment: own }: Pick<OpenCloud, 'cloud' | 'environment'>,
  {
    interrupts,
    learner,
    io,
  }: { readonly interrupts: Interrupts; readonly learner: Learner; readonly io: Io },
): Promise<void> {
  using _held = interrupts.hold()
  const { say, width } = learner
  const { openShell } = await import('../learn/shell.ts')
  const { credentials } = cloud
  const environment = {
    ...(credentials.kind === 'keystone' && { OS_AUTH_URL: credentials.authUrl }),
    ...io.environment,
    ...(cloud.name === 'sandbox' && own),
  }
  const names = Object.keys(variables).filter((name) => io.environment[name] !== variables[name])
  const set = names.map((name) => `$${name}`).sort()
  say(`\n${wrap(`exit, or Ctrl-D, comes back. Set are: ${set.join(' ')}`, width, '  ')}\n\n`)
  try {
    await openShell({ shell: io.environment.SHELL ?? '', environment, variables }, io)
  } catch (error) {
    say(`  The shell cannot be started: ${visible(toProblem(error).message)}\n`)
  }
}

async function learnerOf(pause: number | undefined, signal: AbortSignal, io: Io): Promise<Learner> {
  const output = outputOf(io.stdout, io)
  if (pause === undefined)
    return (await import('../learn/terminal-learner.ts')).terminalLearner(output, signal, io)
  return (await import('../learn/audience-learner.ts')).audienceLearner(output, pause, signal)
}

// The environment alone names none: who learns should not find out on the cloud of their work.
function withCloud(flags: LearnFlags): LearnFlags {
  const isNamed =
    flags.cloud !== undefined ||
    flags.openrc !== undefined ||
    Object.keys(flags).some((name) => /^os[A-Z]/.test(name))
  return isNamed ? flags : { ...flags, sandbox: true }
}
