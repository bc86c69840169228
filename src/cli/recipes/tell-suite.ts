import type { SafeEvent, SuiteResult } from '../../model/event.ts'
import type { Output, ReportOptions } from '../../model/reporter.ts'
import { terminalReporter } from '../../report/terminal/terminal.ts'
import { problemEvent } from '../../run/events/problem-event.ts'
import { tee } from '../../run/events/tee.ts'
import type { Suite } from '../../run/suite/run-suite.ts'
import type { Io } from '../io.ts'
import { lossOfOutput } from '../terminal/output-trouble.ts'
import { isLive, type ReportTarget, tellReport, writeReports } from './report-files.ts'

/** What a suite is told by. */
export type Telling = {
  readonly targets: readonly ReportTarget[]
  readonly output: Output
  readonly options: ReportOptions
  /** Writes what comes of the runs besides; what it throws is told by the reports. */
  keep(result: SuiteResult): Promise<void>
}

/**
 * Tells a suite on the terminal, and in the reports when it has ended. Gives back its result, what was thrown by what could not
 * be written, which the reports tell as well, and whether output was lost. Throws what the suite throws, when all is told.
 */
export async function tellSuite(
  suite: Suite,
  { targets, output, options, keep }: Telling,
  io: Io,
): Promise<{
  readonly result: SuiteResult
  readonly broken: readonly unknown[]
  readonly isLost: boolean
}> {
  const live = targets.filter(isLive)
  const atEnd = targets.filter((target) => !isLive(target))
  const { copies, pump } = tee(suite, live.length + 2)
  const [shown = none(), kept = none(), ...rest] = copies
  const events: SafeEvent[] = []
  const gather = async (): Promise<void> => {
    // A run may tell very much: without a report nothing of it is kept.
    for await (const event of kept) if (atEnd.length > 0) events.push(event)
  }
  const told = await Promise.allSettled([
    terminalReporter(shown, output, options),
    ...live.map((target, index) => tellReport(target, rest[index] ?? none(), options, io)),
    gather(),
    pump(),
  ])
  const [ended] = await Promise.allSettled([suite.result])
  const after = ended.status === 'fulfilled' ? await Promise.allSettled([keep(ended.value)]) : []
  // What a suite throws is told by itself.
  const reasons = [...told, ...after].flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  )
  const lost = (): Promise<unknown> => lossOfOutput(io)
  const loss = await lost()
  const late = [...reasons, ...(loss === undefined ? [] : [loss])].map((error) =>
    problemEvent(error, 'report'),
  )
  for (const target of live) await tellReport(target, each(late), options, io)
  const written = await writeReports(atEnd, { events: [...events, ...late], options }, io, lost)
  if (ended.status === 'rejected') throw ended.reason
  return { result: ended.value, broken: [...reasons, ...written], isLost: (await lost()) !== undefined }
}

async function* none(): AsyncGenerator<SafeEvent> {}

async function* each(events: readonly SafeEvent[]): AsyncGenerator<SafeEvent> {
  yield* events
}
