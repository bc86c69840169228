import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'
import { errorCodes } from '../../model/error-codes.ts'
import { OsrunError, type Problem } from '../../model/problem.ts'
import { problemText } from '../../report/text/problem-text.ts'
import { livenessOf } from '../../run/ledger/process-mark.ts'
import { type Ledger, readLedgers } from '../../run/ledger/read-ledgers.ts'
import { isFor, type Leftover, leftoversOf, sweep } from '../../run/ledger/sweep.ts'
import { visible } from '../../util/text/visible.ts'
import { stateFolder } from '../files/state-folder.ts'
import { openCloud } from '../flags/cloud-flags.ts'
import { durationFor } from '../flags/duration-flag.ts'
import type { CommandContext, Io } from '../io.ts'
import { addSessionFlags, openSession, type SessionFlags } from '../open/session.ts'
import { listenForInterrupts } from '../terminal/interrupts.ts'
import { outputOf } from '../terminal/output.ts'
import { unshielded } from '../terminal/shield.ts'
import { warnTo } from '../terminal/warn.ts'

type SweepFlags = SessionFlags & {
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly all?: boolean
  readonly olderThan?: number
  readonly run?: string
}

/** `osrun sweep`: deletes what runs created that were killed before they could clean up. */
export function sweepCommand({ io, setStatus }: CommandContext): Command {
  const command = new Command('sweep')
    .description('delete what killed runs left on a cloud')
    .option('--yes', 'delete without asking')
    .option('--dry-run', 'list what is left, and delete nothing')
    .option('--all', 'also what no recipe would have deleted, and may have been there before')
    .option(
      '--older-than <duration>',
      'only what runs left that long ago: 30m, 1h',
      durationFor('--older-than'),
    )
    .option('--run <id>', 'only this run, also when nobody can prove that it is over')
  return addSessionFlags(command).action(async (flags: SweepFlags) => {
    setStatus(await sweepUp(flags, io))
  })
}

async function sweepUp(flags: SweepFlags, io: Io): Promise<number> {
  const folder = stateFolder('ledgers', io)
  const { ledgers, problems } =
    folder === undefined ? { ledgers: [], problems: [] } : await readLedgers(folder)
  const { say, talk, complain } = speakerOf(io)
  for (const problem of problems) complain(problem)
  const over = await overOf(ledgers, flags, talk)
  const found = leftoversOf(over)
  for (const ledger of over) printLedger(ledger, found, { say, talk })
  if (found.length === 0) say('Nothing is left behind.')
  const wanted = found.filter(({ isOwn }) => isOwn || flags.all === true)
  if (wanted.length < found.length)
    talk(`${found.length - wanted.length} of them may have been there before; --all deletes them, too.`)
  if (flags.dryRun === true || wanted.length === 0) return 0
  if (!(await isAgreed(wanted.length, flags, io))) {
    say('Nothing was deleted.')
    return 0
  }
  return deleteAll(wanted, flags, io)
}

// The runs that are over for certain; what is not is told.
async function overOf(
  ledgers: readonly Ledger[],
  flags: SweepFlags,
  talk: Speaker['talk'],
): Promise<readonly Ledger[]> {
  const over: Ledger[] = []
  for (const ledger of ledgers) {
    const { run, process: owner, recipe } = ledger.owner
    if (flags.run !== undefined && flags.run !== run) continue
    if (flags.olderThan !== undefined && Date.now() - ledger.lastTime < flags.olderThan) continue
    const liveness = ledger.ended ? 'dead' : await livenessOf(owner)
    if (liveness === 'dead' || (liveness === 'unknown' && flags.run === run)) over.push(ledger)
    else if (liveness === 'alive')
      talk(`Run ${run} of "${recipe}" is under way as process ${owner.pid}; it is left alone.`)
    else
      talk(
        `Nobody here can prove that run ${run} of "${recipe}", process ${owner.pid} of ${owner.machine}, is over; --run ${run} takes it for over.`,
      )
  }
  return over
}

function printLedger(
  ledger: Ledger,
  found: readonly Leftover[],
  { say, talk }: Pick<Speaker, 'say' | 'talk'>,
): void {
  const { owner, ended, lastTime } = ledger
  const own = found.filter((leftover) => leftover.ledger === ledger)
  if (own.length === 0) return
  const time = new Date(lastTime).toISOString()
  say(`${owner.recipe} ${owner.file}, run ${owner.run}, ${ended ? 'ended' : 'killed'} after ${time}`)
  for (const { creation, url, isOwn } of own) {
    const unsure = url === undefined ? `what ${creation.method} ${creation.url} may have made` : url
    const name = url === undefined && creation.name !== undefined ? `, by the name "${creation.name}"` : ''
    say(`  ${creation.service} ${unsure}${name}${isOwn ? '' : ' (may have been there before)'}`)
  }
  // Nobody can revoke a token without having it, and no ledger has one.
  const tokens = new Map(ended ? [] : own.map(({ creation: { token } }) => [token?.auditId, token]))
  for (const token of tokens.values())
    if (token !== undefined && Date.parse(token.expiresAt) > Date.now())
      talk(
        `Its token, audit id ${token.auditId}, was lost with the process and cannot be revoked; it ends at ${token.expiresAt}.`,
      )
}

async function isAgreed(
  count: number,
  { yes }: SweepFlags,
  { stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>,
): Promise<boolean> {
  if (yes === true) return true
  if (stdin.isTTY !== true || stderr.isTTY !== true)
    throw new OsrunError(
      'USAGE_INVALID',
      'osrun sweep asks before it deletes, and there is no terminal to ask on.',
      {
        hint: 'Say --yes, or --dry-run to see the list alone.',
      },
    )
  const terminal = createInterface({ input: stdin, output: unshielded(stderr) })
  try {
    return /^y(es)?$/i.test((await terminal.question(`Delete ${count}? [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}

async function deleteAll(wanted: readonly Leftover[], flags: SweepFlags, io: Io): Promise<number> {
  using interrupts = listenForInterrupts(io)
  await using opened = await openCloud(flags, io)
  const { say, talk, complain } = speakerOf(io)
  const { cloud, environment } = opened
  cloud.notes.forEach(warnTo(io))
  await using session = openSession({ cloud, environment, signal: interrupts.signal }, flags, io)
  const token = await session.token()
  const own = wanted.filter((leftover) => isFor(leftover, token))
  const elsewhere = new Set(
    wanted
      .filter((one) => !isFor(one, token))
      .map(({ creation }) => `${creation.identity}, ${creation.scopeText}`),
  )
  for (const place of elsewhere)
    talk(
      `Something is left on another cloud or in another project: ${place}. Name it with --cloud, --openrc or OS_*.`,
    )
  const counts = { deleted: 0, gone: 0, kept: 0 }
  for await (const swept of sweep(own, session)) {
    counts[swept.status]++
    const { url, creation } = swept.leftover
    if (swept.status === 'kept') complain(swept.problem)
    else say(`${swept.status === 'gone' ? 'was gone' : 'deleted'} ${url ?? creation.name ?? creation.url}`)
  }
  say(`${counts.deleted} deleted, ${counts.gone} gone before, ${counts.kept} left`)
  return counts.kept > 0 ? errorCodes.CLEANUP_FAILED.exit : 0
}

/** Says results, what else is to be known, and what is wrong. */
type Speaker = {
  say(line: string): void
  talk(text: string): void
  complain(problem: Problem): void
}

function speakerOf(io: Pick<Io, 'stdout' | 'stderr' | 'environment'>): Speaker {
  const { stdout, stderr } = io
  return {
    say: (line) => void stdout.write(`${visible(line)}\n`),
    talk: (text) => void stderr.write(`${visible(text)}\n`),
    complain: (problem) => void stderr.write(`${problemText(problem, outputOf(stderr, io))}\n`),
  }
}
